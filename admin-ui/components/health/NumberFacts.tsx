import classes from "@/components/health/Health.module.css";
import { healthTexts as texts } from "@/lib/health-texts";
import type { NumberHealth } from "@/lib/models";
import { fullTime } from "@/lib/relative-time";

type BusinessNumber = NumberHealth["numbers"][number];

/** WhatsApp's own words in ours, where we have some for them. */
const worded = (words: Record<string, string>, value: string | null | undefined) =>
  value ? (words[value] ?? value) : texts.unknown;

export function NumberFacts({ number }: { number: BusinessNumber }) {
  return (
    <div className={classes.number}>
      <h3>
        {number.display_phone_number ?? number.phone_number_id}
        {number.verified_name && <span className={classes.small}> {number.verified_name}</span>}
      </h3>
      <dl className={classes.facts}>
        <div>
          <dt>{texts.quality}</dt>
          <dd data-quality={number.quality_rating}>{worded(texts.qualities, number.quality_rating)}</dd>
        </div>
        <div>
          <dt>{texts.limit}</dt>
          <dd>{worded(texts.limits, number.messaging_limit)}</dd>
        </div>
        <div>
          <dt>{texts.status}</dt>
          <dd>{worded(texts.statuses, number.status)}</dd>
        </div>
      </dl>
      <p className={classes.small}>
        {number.checked_at ? texts.checkedAt(fullTime(number.checked_at)) : texts.unchecked}
      </p>
    </div>
  );
}
