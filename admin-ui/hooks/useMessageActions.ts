import { useMutation, useQueryClient } from "@tanstack/react-query";

import { useSession } from "@/hooks/useSession";
import { api } from "@/lib/api-client";
import { storeMessage } from "@/lib/live-cache";
import type { Message } from "@/lib/models";
import { keys } from "@/lib/query-keys";
import { sentAgain, withReaction } from "@/lib/opened-thread";

/**
 * What is done to a message is drawn at once; the live stream then tells what became of it. The call's own answer
 * is not drawn: it may be older than what the stream has told already.
 */
function useDrawn(message: Message) {
  const cache = useQueryClient();
  return {
    draw: (drawn: Message) => storeMessage(cache, message.ticket_id, drawn),
    reload: () => void cache.invalidateQueries({ queryKey: keys.thread(message.ticket_id) }),
  };
}

/** Puts the desk's emoji on a customer's message; an empty one takes it back. */
export function useReact(message: Message) {
  const { draw, reload } = useDrawn(message);
  const name = useSession().data?.admin.name ?? "";
  return useMutation({
    scope: { id: `reaction-${message.id}` },
    mutationFn: (emoji: string) => api.react(message.ticket_id, message.id, emoji),
    onMutate: (emoji) => draw(withReaction(message, name, emoji)),
    onError: reload,
  });
}

/** Sends a message again that failed, or of which nobody knows whether it went out. */
export function useRetry(message: Message) {
  const { draw, reload } = useDrawn(message);
  return useMutation({
    mutationFn: () => api.retry(message.ticket_id, message.id),
    onMutate: () => draw(sentAgain(message)),
    onError: reload,
  });
}

/** Decides that a message, of which nobody knows whether it went out, is not sent again. */
export function useDismiss(message: Message) {
  const { reload } = useDrawn(message);
  return useMutation({
    mutationFn: () => api.dismissMessage(message.ticket_id, message.id),
    onSettled: reload,
  });
}

/** Asks WhatsApp once more for a file; the row tells what became of it. */
export function useFetchAgain(message: Message) {
  const { reload } = useDrawn(message);
  return useMutation({ mutationFn: (mediaId: number) => api.fetchMedia(mediaId), onSettled: reload });
}
