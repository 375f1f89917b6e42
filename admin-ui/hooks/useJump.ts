import type { RefObject } from "react";
import { useEffect, useState } from "react";

import type { Message } from "@/lib/models";

const SHOWN_MS = 2_000;
const LONG_PAGE = 500;

/** A message, or where the new ones begin. */
type Goal = number | "news";

/** Goes to a place of the thread, gives it the focus and marks it for a moment; an older one is loaded first. */
export function useJump(
  scroller: RefObject<HTMLElement | null>,
  messages: Message[],
  canLoad: boolean,
  load: (limit: number, onError: () => void) => void,
  letGo: () => void,
) {
  const [highlighted, setHighlighted] = useState<Goal | null>(null);
  const [wanted, setWanted] = useState<Goal | null>(null);
  useEffect(() => {
    if (highlighted === null) return;
    const timer = setTimeout(() => setHighlighted(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [highlighted]);

  useEffect(() => {
    if (wanted === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-message="${wanted}"]`);
    if (!row) {
      // Else a line that is cut would be asked again at once, without end.
      if (canLoad) load(LONG_PAGE, () => setWanted(null));
      return;
    }
    const frame = requestAnimationFrame(() => {
      letGo(); // else rows that just came would take the reader back to the end
      row.scrollIntoView({ block: "center" });
      row.focus({ preventScroll: true });
      setHighlighted(wanted);
      setWanted(null);
    });
    return () => cancelAnimationFrame(frame);
    // `load` and `letGo` are new functions with every drawing; what they depend on is `canLoad`.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [wanted, messages, canLoad, scroller]);

  return { highlighted, jump: setWanted };
}
