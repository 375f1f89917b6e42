import { useEffect, useRef, useSyncExternalStore } from "react";

import type { Shortcut } from "@/lib/shortcuts";
import { shortcuts } from "@/lib/shortcuts";

/** Has these keys work while the component shows. They never fire while somebody types. */
export function useShortcuts(wanted: readonly Shortcut[]): void {
  const latest = useRef(wanted);
  useEffect(() => {
    latest.current = wanted;
  });
  const names = wanted.map(({ keys, label }) => `${keys} ${label}`).join("\n");
  useEffect(
    () =>
      shortcuts.add(
        latest.current.map((one, index) => ({ ...one, run: () => latest.current[index]?.run() })),
      ),
    [names],
  );
}

/** Listens for all of them; once, in the shell. */
export function useShortcutKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (!event.defaultPrevented && shortcuts.press(event)) event.preventDefault();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

/** All that work now, for those who ask what there is. */
export function useAllShortcuts(): readonly Shortcut[] {
  return useSyncExternalStore(shortcuts.subscribe, shortcuts.current, shortcuts.current);
}
