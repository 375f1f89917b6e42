import classes from "@/components/thread/TicketDetails.module.css";
import { useNow } from "@/hooks/useNow";
import { useSettings } from "@/hooks/useSettings";
import { useTicketCost } from "@/hooks/useTicket";
import { money } from "@/lib/amounts";
import type { Ticket } from "@/lib/models";
import { duration, fullTime } from "@/lib/relative-time";
import { detailsTexts } from "@/lib/details-texts";
import { texts } from "@/lib/texts";

export function TicketFacts({ ticket }: { ticket: Ticket }) {
  const now = useNow();
  const cost = useTicketCost(ticket.id);
  const hasNoRates = useSettings().data?.rates.length === 0;
  return (
    <section className={classes.facts} aria-label={detailsTexts.ticket}>
      <h3>{detailsTexts.ticket}</h3>
      <dl className={classes.list}>
        <dt>{detailsTexts.issue}</dt>
        <dd>{ticket.issue_description || texts.tickets.noIssue}</dd>
        {ticket.waiting_since && (
          <>
            <dt>{detailsTexts.waiting}</dt>
            <dd>{duration(now - Date.parse(ticket.waiting_since))}</dd>
          </>
        )}
        <dt>{detailsTexts.opened}</dt>
        <dd>{fullTime(ticket.created_at)}</dd>
        {cost.data && cost.data.messages > 0 && (
          <>
            <dt>{detailsTexts.cost}</dt>
            <dd>
              {detailsTexts.costOf(
                hasNoRates ? detailsTexts.noRate : money(cost.data.total, cost.data.currency),
                cost.data.messages,
              )}
            </dd>
          </>
        )}
        {ticket.resolved_at && (
          <>
            <dt>{detailsTexts.resolved}</dt>
            <dd>{fullTime(ticket.resolved_at)}</dd>
          </>
        )}
      </dl>
    </section>
  );
}
