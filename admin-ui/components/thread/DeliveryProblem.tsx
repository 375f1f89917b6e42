import { Button } from "@mantine/core";

import classes from "@/components/thread/Bubble.module.css";
import { useDismiss, useRetry } from "@/hooks/useMessageActions";
import { messageTexts } from "@/lib/message-texts";
import type { Delivery, Message } from "@/lib/models";
import { threadTexts } from "@/lib/thread-texts";

/** Why a message did not arrive, or may not have, and the choice that is left. */
export function DeliveryProblem({ message, delivery }: { message: Message; delivery: Delivery }) {
  const retry = useRetry(message);
  const dismiss = useDismiss(message);
  const isUnknown = delivery.state === "unknown";
  if (delivery.state !== "failed" && !isUnknown) return null;
  if (isUnknown && delivery.dismissed_at) return <p className={classes.code}>{messageTexts.dismissed}</p>;
  const reason = delivery.error?.text ?? (isUnknown ? threadTexts.unknownHint : null);
  const refusal = retry.error ?? dismiss.error;
  return (
    <div className={classes.retry}>
      {reason && (
        <p className={classes.problem} data-state={delivery.state}>
          {reason}
        </p>
      )}
      {typeof delivery.error?.code === "number" && (
        <p className={classes.code}>{messageTexts.code(delivery.error.code)}</p>
      )}
      {refusal && (
        <p className={classes.problem} role="alert">
          {refusal.message}
        </p>
      )}
      <div className={classes.choice}>
        <Button size="sm" h={44} variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
          {messageTexts.retry}
        </Button>
        {isUnknown && (
          <Button
            size="sm"
            h={44}
            variant="subtle"
            loading={dismiss.isPending}
            onClick={() => dismiss.mutate()}
          >
            {messageTexts.dismiss}
          </Button>
        )}
      </div>
    </div>
  );
}
