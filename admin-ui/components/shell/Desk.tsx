import type { ReactNode } from "react";

import { Failure } from "@/components/common/Failure";
import { Waiting } from "@/components/common/Waiting";
import { Shell } from "@/components/shell/Shell";
import { useLiveEvents } from "@/hooks/useLiveEvents";
import { useNotifications } from "@/hooks/useNotifications";
import { useSession } from "@/hooks/useSession";
import { ApiError } from "@/lib/api-error";

/** What a signed-in page lives in. The event stream opens once the page is there, and has it ask again. */
export function Desk({ children }: { children: ReactNode }) {
  const session = useSession();
  // Asked for beside the session: whether the alert is shown is known before anything is drawn below it.
  const alert = useNotifications();
  const shown = alert.isPending ? undefined : session.data;
  const connection = useLiveEvents(Boolean(shown));

  if (shown) {
    return (
      <Shell session={shown} connection={connection}>
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
