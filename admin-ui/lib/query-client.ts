import { MutationCache, notifyManager, QueryCache, QueryClient } from "@tanstack/react-query";

import { ApiError } from "@/lib/api-error";

export const isSignedOut = (error: unknown) => error instanceof ApiError && error.status === 401;

/** Worth another try by itself: no answer, or the desk's own trouble. A refusal will be the same next time. */
export const isPassing = (error: unknown) =>
  !(error instanceof ApiError) || error.status === 0 || error.status >= 500;

/** What found no answer is asked for again after so long, though the event stream lives on and nothing else asks. */
export const TRY_AGAIN_MS = 10_000;

// That a call is under way is drawn before the next tap is heard, so that its button takes no second one: by a timer,
// as is usual, a slow phone would hear both taps first.
notifyManager.setScheduler(queueMicrotask);

/** `onSignedOut` is called whenever the desk says that the session is over. */
export function createQueryClient(onSignedOut: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (isSignedOut(error)) onSignedOut();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        networkMode: "always",
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && isPassing(error),
        refetchInterval: ({ state }) =>
          state.status === "error" && isPassing(state.error) ? TRY_AGAIN_MS : false,
        staleTime: 60_000,
      },
      mutations: { networkMode: "always" },
    },
  });
}
