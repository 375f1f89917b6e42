import Link from "next/link";
import { useRouter } from "next/router";

import { StatusLabel } from "@/components/common/StatusLabel";
import classes from "@/components/contact/ContactPanel.module.css";
import { contactTexts as texts } from "@/lib/contact-texts";
import type { Contact } from "@/lib/models";

/** The customer's other tickets; opening one keeps the list beside it as it is. */
export function ContactTickets({ contact, openedId }: { contact: Contact; openedId: number }) {
  const { query } = useRouter();
  const others = contact.tickets.filter((ticket) => ticket.id !== openedId);
  if (others.length === 0) return null;
  return (
    <details className={classes.tickets}>
      <summary>{texts.earlier(contact.ticket_count - 1)}</summary>
      <ul>
        {others.map((ticket) => (
          <li key={ticket.id}>
            <Link
              className={classes.ticket}
              href={{ pathname: "/support-tickets", query: { ...query, ticket: ticket.id } }}
            >
              <span className={classes.ticketWords}>
                {texts.ticket(ticket.id, ticket.issue_description || texts.noWords)}
              </span>
              <StatusLabel status={ticket.status} />
            </Link>
          </li>
        ))}
      </ul>
    </details>
  );
}
