import { useShortcuts } from "@/hooks/useShortcuts";
import { keyboardTexts } from "@/lib/keyboard-texts";

interface TicketActs {
  onAnswer: () => void;
  onNote: () => void;
  onTake: () => void;
  onResolve: () => void;
  onResolveAndNext: () => void;
}

/** The keys of an opened ticket. */
export function useTicketShortcuts(acts: TicketActs): void {
  const { onAnswer, onNote, onTake, onResolve, onResolveAndNext } = acts;
  const { answer, note, take, resolve, resolveAndNext } = keyboardTexts.ticket;
  useShortcuts([
    { keys: "r", label: answer, group: "ticket", run: onAnswer },
    { keys: "n", label: note, group: "ticket", run: onNote },
    { keys: "a", label: take, group: "ticket", run: onTake },
    { keys: "e", label: resolve, group: "ticket", run: onResolve },
    { keys: "d", label: resolveAndNext, group: "ticket", run: onResolveAndNext },
  ]);
}
