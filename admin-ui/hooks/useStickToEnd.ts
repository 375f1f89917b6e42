import type { RefObject } from "react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";

const NEAR_PX = 80;

/**
 * Keeps a scrolling thread at its newest entry, unless its reader has gone up to read. An answer of their own takes
 * them back to the end. A thread with more news than fits the screen begins where the news do.
 */
export function useStickToEnd(
  entryCount: number,
  outgoingCount: number,
  hasNews: boolean,
  news: RefObject<HTMLElement | null>,
) {
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setIsAtEnd] = useState(!hasNews);
  const stick = useRef(true);

  const toEnd = () => {
    const box = scroller.current;
    if (box) box.scrollTop = box.scrollHeight;
  };

  const letGo = () => {
    stick.current = false;
  };

  useLayoutEffect(() => {
    const box = scroller.current;
    const mark = news.current;
    if (!box || !mark) return;
    toEnd();
    if (mark.getBoundingClientRect().top < box.getBoundingClientRect().top) {
      mark.scrollIntoView({ block: "start", behavior: "instant" });
    }
    stick.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
    setIsAtEnd(stick.current);
    // Once, when the thread is opened.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  const outgoingBefore = useRef(outgoingCount);
  useLayoutEffect(() => {
    if (stick.current || outgoingCount > outgoingBefore.current) toEnd();
    outgoingBefore.current = outgoingCount;
  }, [entryCount, outgoingCount]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    let height = box.clientHeight;
    const onScroll = () => {
      // Not by the reader's hand: something else took or gave room, and the observer has yet to say so.
      if (box.clientHeight !== height) return;
      stick.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
      setIsAtEnd(stick.current);
    };
    // A growing composer or an opened keyboard takes room from the thread; a row may grow by its news.
    const resized = new ResizeObserver(() => {
      height = box.clientHeight;
      if (stick.current) toEnd();
    });
    box.addEventListener("scroll", onScroll, { passive: true });
    resized.observe(box);
    for (const content of box.children) resized.observe(content);
    return () => {
      box.removeEventListener("scroll", onScroll);
      resized.disconnect();
    };
  }, []);

  return { scroller, isAtEnd, toEnd, letGo };
}
