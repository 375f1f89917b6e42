import type { RefObject } from "react";
import { useLayoutEffect, useState } from "react";

const OVERSCAN_PX = 600;

/** The last row that begins at or above the height. */
function rowAt(offsets: Float64Array, height: number): number {
  let low = 0;
  let high = offsets.length - 2;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((offsets[middle] ?? 0) <= height) low = middle;
    else high = middle - 1;
  }
  return Math.max(0, low);
}

/** Which rows of a long list to draw. `offsets` says where each begins, and at last where the list ends. */
export function useVirtualRows(scroller: RefObject<HTMLElement | null>, offsets: Float64Array) {
  const [range, setRange] = useState({ first: 0, last: 20 });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => {
      const first = rowAt(offsets, element.scrollTop - OVERSCAN_PX);
      const last = rowAt(offsets, element.scrollTop + element.clientHeight + OVERSCAN_PX);
      setRange((before) => (before.first === first && before.last === last ? before : { first, last }));
    };
    measure();
    element.addEventListener("scroll", measure, { passive: true });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => {
      element.removeEventListener("scroll", measure);
      observer.disconnect();
    };
  }, [scroller, offsets]);

  return range;
}
