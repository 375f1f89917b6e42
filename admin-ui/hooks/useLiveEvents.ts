import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";

import { api } from "@/lib/api-client";
import type { ConnectionState } from "@/lib/event-stream";
import { EventStream } from "@/lib/event-stream";
import {
  refreshAccount,
  refreshAll,
  refreshContact,
  refreshCounts,
  refreshTags,
  startAfresh,
  storeMessage,
  storeTicket,
} from "@/lib/live-cache";
import { keys } from "@/lib/query-keys";
import { streamRoom } from "@/lib/stream-room";
import { throttle } from "@/lib/throttle";

const POLL_MS = 10_000;
/** After so long out of sight a phone may have cut the line without a word. */
const ASLEEP_MS = 60_000;

/**
 * Keeps the cache as the desk is: by the event stream, and where that cannot get through by asking every 10 s.
 * It `isOpen` once the page has asked its first questions. What the browser fetched ahead may answer those, and only
 * what was asked before the stream's start is asked again.
 */
export function useLiveEvents(isOpen: boolean): ConnectionState {
  const cache = useQueryClient();
  const [state, setState] = useState<ConnectionState>("connecting");

  useEffect(() => {
    if (!isOpen) return;
    const counts = throttle(() => refreshCounts(cache), 1_000);
    const stream = new EventStream(api.openEvents, {
      onTicket: (ticket) => {
        storeTicket(cache, ticket);
        counts.call();
      },
      onMessage: (ticketId, message) => storeMessage(cache, ticketId, message),
      onContact: (ticket) => refreshContact(cache, ticket.contact_id),
      onAccount: () => refreshAccount(cache),
      onTags: () => refreshTags(cache),
      // An answer under way may be older than this.
      onPresence: (presence) =>
        void cache
          .cancelQueries({ queryKey: keys.presence })
          .then(() => cache.setQueryData(keys.presence, presence)),
      onReset: () => startAfresh(cache),
      onState: setState,
    });
    stream.connect();
    const leaveRoom = streamRoom(stream);

    let hiddenAt = 0;
    const onVisibility = () => {
      if (document.visibilityState === "hidden") hiddenAt = Date.now();
      else if (hiddenAt && Date.now() - hiddenAt > ASLEEP_MS) stream.connect();
    };
    const onOnline = () => stream.connect();
    document.addEventListener("visibilitychange", onVisibility);
    const onOffline = () => stream.lineIsCut();
    window.addEventListener("online", onOnline);
    window.addEventListener("offline", onOffline);
    return () => {
      document.removeEventListener("visibilitychange", onVisibility);
      window.removeEventListener("online", onOnline);
      window.removeEventListener("offline", onOffline);
      counts.cancel();
      leaveRoom();
      stream.close();
    };
  }, [cache, isOpen]);

  useEffect(() => {
    if (state !== "down") return;
    const poll = () => {
      refreshAll(cache);
      void cache.invalidateQueries({ queryKey: keys.session });
    };
    poll();
    const timer = setInterval(poll, POLL_MS);
    return () => clearInterval(timer);
  }, [cache, state]);

  return state;
}
