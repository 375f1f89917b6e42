import type { RefObject } from "react";
import { useEffect, useLayoutEffect, useRef } from "react";

const NEAR_TOP_PX = 600;

/** Loads the page before when the reader comes near the top, and keeps under the eye what is under it. */
export function useEarlierPages(
  scroller: RefObject<HTMLElement | null>,
  firstId: number | undefined,
  wanted: boolean,
  load: () => void,
) {
  const latest = useRef({ wanted, load });
  const from = useRef({ firstId, height: 0 });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    if (from.current.firstId !== undefined && from.current.firstId !== firstId) {
      box.scrollBy({ top: box.scrollHeight - from.current.height, behavior: "instant" });
    }
    from.current = { firstId, height: box.scrollHeight };
  });
  useEffect(() => {
    latest.current = { wanted, load };
  });
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = () => {
      from.current.height = box.scrollHeight;
      if (latest.current.wanted && box.scrollTop < NEAR_TOP_PX) latest.current.load();
    };
    box.addEventListener("scroll", look, { passive: true });
    look();
    return () => box.removeEventListener("scroll", look);
  }, [scroller, firstId]);
}
