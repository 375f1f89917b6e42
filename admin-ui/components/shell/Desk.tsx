import type { ReactNode } from "react";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { Shell } from "@/components/shell/Shell";
import { useLiveEvents } from "@/hooks/useLiveEvents";
import { useNotifications } from "@/hooks/useNotifications";
import { useSession } from "@/hooks/useSession";
import { ApiError } from "@/lib/api-error";

/**
 * What a signed-in page lives in. The event stream opens before anything is fetched, so that no change
 * can fall between the two.
 */
export function Desk({ children }: { children: ReactNode }) {
  const connection = useLiveEvents();
  const session = useSession();
  // Asked for beside the session: whether the alert is shown is known before anything is drawn below it.
  const alert = useNotifications();

  if (session.data && !alert.isPending) {
    return (
      <Shell session={session.data} connection={connection}>
        {children}
      </Shell>
    );
  }
  const isSignedOut = session.error instanceof ApiError && session.error.status === 401;
  if (session.error && !isSignedOut) {
    return <Failure error={session.error} onRetry={() => void session.refetch()} />;
  }
  return <Waiting />;
}
