import { useRouter } from "next/router";

import { usePages } from "@/hooks/usePages";
import { useDevicePreference } from "@/hooks/useDevicePreference";
import { useAllShortcuts } from "@/hooks/useShortcuts";
import { keyboardTexts } from "@/lib/keyboard-texts";
import { listTexts } from "@/lib/list-texts";
import { profileTexts } from "@/lib/profile-texts";
import { TICKET_QUEUES } from "@/lib/ticket-lists";
import { typedSearch } from "@/lib/typed-search";

export interface Command {
  label: string;
  keys?: string;
  run: () => void;
}

const { palette } = keyboardTexts;
const NEAREST = ["ticket", "list", "everywhere"];
const LIST = "/support-tickets";

/** What the typed words may mean: the keys that work now, the places to go, the switches; then a search. */
export function useCommands(typed: string, theme: Command): Command[] {
  const router = useRouter();
  const pages = usePages();
  const shortcuts = useAllShortcuts();
  const [savesData, turnSavesData] = useDevicePreference("data-saver");
  const go = (href: string) => void router.push(href);
  const words = typed.trim();

  const all: Command[] = [
    ...NEAREST.flatMap((near) => shortcuts.filter(({ group, keys }) => group === near && keys !== "mod+k")),
    ...TICKET_QUEUES.map((queue) => ({
      label: palette.queue(listTexts.queues[queue]),
      run: () => go(`${LIST}?queue=${queue}`),
    })),
    ...[...pages, { href: "/profile", label: profileTexts.title }].map(({ href, label }) => ({
      label: palette.page(label),
      run: () => go(href),
    })),
    theme,
    { label: savesData ? palette.loadMedia : palette.saveData, run: () => turnSavesData(!savesData) },
  ];
  const wanted = words.toLowerCase().split(/\s+/);
  const found = all.filter(({ label }) => wanted.every((word) => label.toLowerCase().includes(word)));
  const number = /^#?(\d{1,15})$/.exec(words)?.[1];
  return [
    ...(number
      ? [
          {
            label: palette.ticket(Number(number)),
            run: () => go(`${LIST}?queue=all&ticket=${Number(number)}`),
          },
        ]
      : []),
    ...found,
    ...(words
      ? [
          {
            label: palette.search(words),
            run: () =>
              void router
                .push(`${LIST}?queue=all`)
                .then(() => typedSearch.set({ text: words, isEverywhere: true })),
          },
        ]
      : []),
  ];
}
