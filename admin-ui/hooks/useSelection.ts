import { useRef, useState } from "react";

/** Which of the listed tickets are ticked. Those that leave the list are ticked no longer. */
export function useSelection(listed: readonly number[]) {
  const [ticked, setTicked] = useState<ReadonlySet<number>>(new Set());
  const last = useRef<number | null>(null);
  const selected = ticked.size === 0 ? [] : listed.filter((id) => ticked.has(id));

  /** With `asRange` all from the one ticked last up to this one are as this one is going to be. */
  function toggle(id: number, asRange = false) {
    const next = new Set(selected);
    const from = asRange && last.current !== null ? listed.indexOf(last.current) : -1;
    const to = listed.indexOf(id);
    const range = from < 0 ? [id] : listed.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const one of range) {
      if (ticked.has(id)) next.delete(one);
      else next.add(one);
    }
    last.current = id;
    setTicked(next);
  }

  return {
    selected,
    has: (id: number) => ticked.has(id),
    toggle,
    tick: setTicked,
  };
}

export type Selection = ReturnType<typeof useSelection>;
