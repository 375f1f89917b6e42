import classes from "@/components/thread/Bubble.module.css";
import { DeliveryProblem } from "@/components/thread/DeliveryProblem";
import { Ticks } from "@/components/thread/Ticks";
import { messageTexts } from "@/lib/message-texts";
import type { Message } from "@/lib/models";
import { clockTime, fullTime } from "@/lib/relative-time";
import { texts } from "@/lib/texts";

/** When it was written, how far it came, and what to know where that is not as hoped. */
export function BubbleFoot({ message }: { message: Message }) {
  const { occurred_at: at, delivery, earlier_attempts: earlier } = message;
  return (
    <>
      <p className={classes.foot}>
        <time dateTime={at} title={fullTime(at)}>
          {clockTime(at)}
        </time>
        {delivery && <Ticks state={delivery.state} />}
      </p>
      {delivery && <DeliveryProblem message={message} delivery={delivery} />}
      {earlier.length > 0 && (
        <details className={classes.edited}>
          <summary>{messageTexts.earlier(earlier.length)}</summary>
          <ol>
            {earlier.map((attempt, index) => (
              <li key={index}>
                {messageTexts.attempt(index + 1, texts.thread.delivery[attempt.state])}
                {attempt.error && ` · ${attempt.error.text}`}
              </li>
            ))}
          </ol>
        </details>
      )}
    </>
  );
}
