import { Button } from "@mantine/core";

import classes from "@/components/tickets/BulkBar.module.css";
import { useBulkOutcome } from "@/hooks/useBulkChange";
import { bulkTexts } from "@/lib/bulk-texts";
import { texts } from "@/lib/texts";

/** So many refusals are told one by one. */
const TOLD = 4;

/** What came of the latest change of many tickets, in whichever list one is by then. */
export function BulkOutcome() {
  const { outcome, dismiss } = useBulkOutcome();
  if (!outcome || outcome.isPending) return null;
  const { changed, refused } = outcome.result;
  return (
    <div className={classes.outcome} role="status">
      {outcome.error && <p>{outcome.error}</p>}
      {(changed.length > 0 || !outcome.error) && (
        <p>
          {bulkTexts.done(changed.length)}
          {refused.length > 0 && ` ${bulkTexts.refused(refused.length)}`}
        </p>
      )}
      <ul>
        {refused.slice(0, TOLD).map((each) => (
          <li key={each.ticket_id}>
            {texts.tickets.number(each.ticket_id)} · {each.message}
          </li>
        ))}
        {refused.length > TOLD && <li>{bulkTexts.others(refused.length - TOLD)}</li>}
      </ul>
      <Button variant="subtle" h={44} onClick={dismiss}>
        {texts.dismiss}
      </Button>
    </div>
  );
}
