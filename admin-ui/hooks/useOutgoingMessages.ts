import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef, useSyncExternalStore } from "react";

import { api } from "@/lib/api-client";
import { ApiError } from "@/lib/api-error";
import type { ConnectionState } from "@/lib/event-stream";
import { leaving } from "@/lib/leaving";
import { storeEcho } from "@/lib/live-cache";
import type { TicketThread } from "@/lib/models";
import { outgoingQueue } from "@/lib/outgoing-queue";
import { isSignedOut } from "@/lib/query-client";
import { keys } from "@/lib/query-keys";
import type { NewReply, OutgoingMessage } from "@/lib/thread";

const RETRY_MS = 5_000;
const NOTHING: readonly OutgoingMessage[] = [];

/** Every answer that the desk does not have yet. */
export function useAllOutgoing(): readonly OutgoingMessage[] {
  return useSyncExternalStore(outgoingQueue.subscribe, outgoingQueue.current, () => NOTHING);
}

/**
 * Sends what waits, of whatever ticket, when there may be a way to the desk again; once, in the shell. The browser asks
 * whoever leaves while an answer is neither at the desk nor kept yet: of twenty photos that takes a phone a while.
 */
export function useOutgoingQueue(adminId: number, connection: ConnectionState): void {
  const cache = useQueryClient();
  useEffect(() => {
    /** What waits for a sign-in would wait for long: the page may have nothing else to ask that leads there. */
    const signedIn = <T>(answer: Promise<T>) =>
      answer.catch((error: unknown) => {
        if (isSignedOut(error)) void cache.invalidateQueries({ queryKey: keys.session });
        throw error;
      });
    return outgoingQueue.open(adminId, {
      deliver: ({ ticket_id, text, content, client_id, isNote }) =>
        signedIn(
          isNote
            ? api.addNote(ticket_id, text, client_id)
            : api.sendMessage(ticket_id, { ...content, message: text, client_id }),
        ),
      upload: ({ ticket_id, file }, onProgress, signal) => {
        if (!file) throw new Error("There is no file to upload.");
        return signedIn(api.uploadFile(ticket_id, file, onProgress, signal));
      },
      onSent: (echo) => storeEcho(cache, echo.ticket_id, echo),
      onRefused: ({ ticket_id }, error) => {
        if (error instanceof ApiError && error.code === "thread_has_moved")
          void cache.invalidateQueries({ queryKey: keys.thread(ticket_id) });
      },
    });
  }, [cache, adminId]);
  useEffect(() => {
    if (connection === "live") outgoingQueue.resume();
  }, [connection]);
  const outgoing = useAllOutgoing();
  const wouldBeLost = !outgoing.every(outgoingQueue.kept);
  useEffect(() => leaving.ask("outgoing", wouldBeLost), [wouldBeLost]);
  const isWaiting = outgoing.some((one) => one.isWaiting);
  useEffect(() => {
    if (!isWaiting) return;
    const timer = setInterval(() => outgoingQueue.resume(), RETRY_MS);
    const onOnline = () => outgoingQueue.resume();
    window.addEventListener("online", onOnline);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", onOnline);
    };
  }, [isWaiting]);
}

/**
 * The answers of one ticket on their way to the desk. Words that came too late for the customer's window are handed
 * to `onWindowClosed` instead.
 */
export function useOutgoingMessages(
  ticketId: number,
  lastSeen: () => number,
  onWindowClosed: (text: string) => void,
) {
  const cache = useQueryClient();
  const all = useAllOutgoing();
  const outgoing = useMemo(() => all.filter((one) => one.ticket_id === ticketId), [all, ticketId]);
  const handBack = useRef(onWindowClosed);
  useEffect(() => {
    handBack.current = onWindowClosed;
  });
  useEffect(() => outgoingQueue.onTooLate(ticketId, (words) => handBack.current(words)), [ticketId]);

  return {
    outgoing,
    isKept: (message: OutgoingMessage) => outgoingQueue.kept(message) !== null,
    send: (reply: NewReply) => outgoingQueue.send(ticketId, reply, lastSeen()),
    tryAgain: (message: OutgoingMessage) => outgoingQueue.tryAgain(message),
    /** Its writer has read what came meanwhile, and wants it sent as it is; those behind it too. */
    sendAnyway: () => {
      const newest = cache.getQueryData<TicketThread>(keys.thread(ticketId))?.messages ?? [];
      const last_seen_message_id = Math.max(0, ...newest.map(({ id }) => id));
      for (const message of outgoing.filter((one) => one.hasMoved))
        outgoingQueue.tryAgain(message, { last_seen_message_id });
    },
    discard: (message: OutgoingMessage) => outgoingQueue.discard(message),
  };
}
