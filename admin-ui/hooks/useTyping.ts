import { useMutation } from "@tanstack/react-query";
import { useRef } from "react";

import { api } from "@/lib/api-client";

/** WhatsApp shows "typing…" for 25 s. */
const EVERY_MS = 20_000;

/** Lets the customer see that an answer is being written. What fails is not worth a word: it is only a sign. */
export function useTyping(ticketId: number): () => void {
  const shownAt = useRef(0);
  const { mutate } = useMutation({ mutationFn: () => api.showTyping(ticketId) });
  return () => {
    const now = Date.now();
    if (now - shownAt.current < EVERY_MS) return;
    shownAt.current = now;
    mutate();
  };
}
