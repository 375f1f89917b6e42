import { useEffect, useRef } from "react";

import type { Message } from "@/lib/models";

/** What comes while somebody writes is taken in after so long, not in the moment in which it is drawn. */
const TAKEN_IN_MS = 1_000;

const newestId = (messages: Message[]) => messages.reduce((newest, { id }) => Math.max(newest, id), 0);

/** Gives the newest message that whoever writes has seen. */
export function useLastSeen(messages: Message[], isWriting: boolean): () => number {
  const newest = newestId(messages);
  const seen = useRef(newest);
  useEffect(() => {
    if (newest <= seen.current) return;
    const timer = setTimeout(() => (seen.current = newest), isWriting ? TAKEN_IN_MS : 0);
    return () => clearTimeout(timer);
  }, [newest, isWriting]);
  return () => seen.current;
}
