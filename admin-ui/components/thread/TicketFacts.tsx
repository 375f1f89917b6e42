import classes from "@/components/thread/TicketDetails.module.css";
import { useNow } from "@/hooks/useNow";
import { useSettings } from "@/hooks/useSettings";
import { useTicketCost } from "@/hooks/useTicket";
import { money } from "@/lib/amounts";
import type { Ticket } from "@/lib/models";
import { duration, fullTime } from "@/lib/relative-time";
import { texts } from "@/lib/texts";

export function TicketFacts({ ticket }: { ticket: Ticket }) {
  const now = useNow();
  const cost = useTicketCost(ticket.id);
  const hasNoRates = useSettings().data?.rates.length === 0;
  return (
    <section className={classes.facts} aria-label={texts.details.ticket}>
      <h3>{texts.details.ticket}</h3>
      <dl className={classes.list}>
        <dt>{texts.details.issue}</dt>
        <dd>{ticket.issue_description || texts.details.noIssue}</dd>
        {ticket.waiting_since && (
          <>
            <dt>{texts.details.waiting}</dt>
            <dd>{duration(now - Date.parse(ticket.waiting_since))}</dd>
          </>
        )}
        <dt>{texts.details.opened}</dt>
        <dd>{fullTime(ticket.created_at)}</dd>
        {cost.data && cost.data.messages > 0 && (
          <>
            <dt>{texts.details.cost}</dt>
            <dd>
              {texts.details.costOf(
                hasNoRates ? texts.details.noRate : money(cost.data.total, cost.data.currency),
                cost.data.messages,
              )}
            </dd>
          </>
        )}
        {ticket.resolved_at && (
          <>
            <dt>{texts.details.resolved}</dt>
            <dd>{fullTime(ticket.resolved_at)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
