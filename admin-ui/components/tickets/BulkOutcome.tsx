import { Button } from "@mantine/core";

import classes from "@/components/tickets/BulkBar.module.css";
import { listTexts } from "@/lib/list-texts";
import type { BulkResult } from "@/lib/models";
import { texts } from "@/lib/texts";

/** So many refusals are told one by one. */
const TOLD = 4;

interface BulkOutcomeProps {
  result: BulkResult | undefined;
  error: Error | null;
  onDismiss: () => void;
}

export function BulkOutcome({ result, error, onDismiss }: BulkOutcomeProps) {
  if (!result && !error) return null;
  const refused = result?.refused ?? [];
  return (
    <div className={classes.outcome} role="status">
      {error && <p>{error.message}</p>}
      {result && (
        <p>
          {listTexts.bulk.done(result.changed.length)}
          {refused.length > 0 && ` ${listTexts.bulk.refused(refused.length)}`}
        </p>
      )}
      <ul>
        {refused.slice(0, TOLD).map((each) => (
          <li key={each.ticket_id}>
            {texts.tickets.number(each.ticket_id)} · {each.message}
          </li>
        ))}
        {refused.length > TOLD && <li>{listTexts.bulk.others(refused.length - TOLD)}</li>}
      </ul>
      <Button variant="subtle" h={44} onClick={onDismiss}>
        {texts.details.dismiss}
      </Button>
    </div>
  );
}
