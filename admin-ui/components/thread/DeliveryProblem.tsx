import { Button } from "@mantine/core";
import { useState } from "react";

import classes from "@/components/thread/Bubble.module.css";
import { useRetry } from "@/hooks/useMessageActions";
import { messageTexts } from "@/lib/message-texts";
import type { Delivery, Message } from "@/lib/models";
import { texts } from "@/lib/texts";

/** Why a message did not arrive, or may not have, and the choice that is left. */
export function DeliveryProblem({ message, delivery }: { message: Message; delivery: Delivery }) {
  const retry = useRetry(message);
  const [isLeft, setIsLeft] = useState(false);
  const isUnknown = delivery.state === "unknown";
  if (delivery.state !== "failed" && !isUnknown) return null;
  const reason = delivery.error?.text ?? (isUnknown ? texts.thread.unknownHint : null);
  return (
    <div className={classes.retry}>
      {isUnknown && <p className={classes.problem}>{messageTexts.mayHaveBeenSent}</p>}
      {reason && (
        <p className={classes.problem} data-state={delivery.state}>
          {reason}
        </p>
      )}
      {typeof delivery.error?.code === "number" && (
        <p className={classes.code}>{messageTexts.code(delivery.error.code)}</p>
      )}
      {retry.error && (
        <p className={classes.problem} role="alert">
          {retry.error.message}
        </p>
      )}
      {!(isUnknown && isLeft) && (
        <div className={classes.choice}>
          <Button size="sm" h={44} variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
            {messageTexts.retry}
          </Button>
          {isUnknown && (
            <Button size="sm" h={44} variant="subtle" onClick={() => setIsLeft(true)}>
              {messageTexts.leave}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
