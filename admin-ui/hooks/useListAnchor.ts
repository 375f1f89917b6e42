import type { RefObject } from "react";
import { useEffect, useLayoutEffect, useRef } from "react";

import type { Ticket } from "@/lib/models";
import { shiftOf } from "@/lib/row-offsets";

/** Nearer to the top than this a reader watches for what is new, and new rows may push the others down. */
const AT_TOP_PX = 24;

/** Keeps the rows in sight where they are while others come, go and move above them. */
export function useListAnchor(
  scroller: RefObject<HTMLElement | null>,
  tickets: readonly Ticket[],
  offsets: Float64Array,
): void {
  const seen = useRef<ReadonlyMap<number, number>>(new Map());

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || element.scrollTop < AT_TOP_PX) return;
    const shift = shiftOf(seen.current, tickets, offsets);
    if (shift) element.scrollBy(0, shift);
  }, [scroller, tickets, offsets]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const look = () => {
      const bottom = element.scrollTop + element.clientHeight;
      const inSight = new Map<number, number>();
      for (let index = 0; index < tickets.length; index += 1) {
        const top = offsets[index] ?? 0;
        if (top >= bottom) break;
        const ticket = tickets[index];
        if (ticket && (offsets[index + 1] ?? 0) > element.scrollTop) inSight.set(ticket.id, top);
      }
      seen.current = inSight;
    };
    look();
    element.addEventListener("scroll", look, { passive: true });
    return () => element.removeEventListener("scroll", look);
  }, [scroller, tickets, offsets]);
}
