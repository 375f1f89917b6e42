import { ContactBlock } from "@/components/contact/ContactBlock";
import { ContactData } from "@/components/contact/ContactData";
import { ContactName } from "@/components/contact/ContactName";
import classes from "@/components/contact/ContactPanel.module.css";
import { ContactNote } from "@/components/contact/ContactNote";
import { ContactPlace } from "@/components/contact/ContactPlace";
import { ContactTickets } from "@/components/contact/ContactTickets";
import details from "@/components/thread/TicketDetails.module.css";
import { useContact, useIsErased } from "@/hooks/useContact";
import { useForgetErased } from "@/hooks/useForgetErased";
import { useNow } from "@/hooks/useNow";
import { useMay } from "@/hooks/useSession";
import { contactTexts as texts } from "@/lib/contact-texts";
import { detailsTexts } from "@/lib/details-texts";
import type { Ticket } from "@/lib/models";
import { readableNumber } from "@/lib/phone-number";
import { duration } from "@/lib/relative-time";

/** The customer beside the thread. What the ticket tells of them is there at once, the rest follows. */
export function ContactPanel({ ticket }: { ticket: Ticket }) {
  const { data, error } = useContact(ticket.contact_id);
  const isErased = useIsErased(ticket.contact_id);
  const contact = isErased ? undefined : data;
  useForgetErased(isErased, ticket);
  const mayHandOver = useMay("hand_over_data");
  const now = useNow();
  const left = ticket.window_expires_at === null ? null : Date.parse(ticket.window_expires_at) - now;
  const number = contact?.readable_number ?? (ticket.phone_number && readableNumber(ticket.phone_number));
  return (
    <section className={details.facts} aria-label={texts.label}>
      <h3>{texts.label}</h3>
      {contact?.is_sample && <p className={classes.sample}>{texts.sample}</p>}
      <dl className={details.list}>
        <dt>{texts.name}</dt>
        <dd>{contact ? <ContactName contact={contact} /> : ticket.sender_name}</dd>
        <dt>{texts.number}</dt>
        <dd>{number ?? texts.numberUnknown}</dd>
        {contact?.username && (
          <>
            <dt>{texts.username}</dt>
            <dd>
              <bdi>{`@${contact.username}`}</bdi>
            </dd>
          </>
        )}
        {contact && <ContactPlace contact={contact} />}
        <dt>{detailsTexts.window}</dt>
        <dd data-closed={left !== null && left <= 0}>
          {left === null && detailsTexts.windowNone}
          {left !== null && (left > 0 ? detailsTexts.windowOpen(duration(left)) : detailsTexts.windowClosed)}
        </dd>
      </dl>
      {contact && (
        <>
          <ContactNote contact={contact} />
          <ContactTickets contact={contact} openedId={ticket.id} />
          <ContactBlock contact={contact} />
          {mayHandOver && <ContactData contact={contact} />}
        </>
      )}
      <p role="alert" className={classes.problem}>
        {!contact && (isErased ? texts.erased : error?.message)}
      </p>
    </section>
  );
}
