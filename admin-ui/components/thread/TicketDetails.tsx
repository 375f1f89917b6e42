import { ContactPanel } from "@/components/contact/ContactPanel";
import { TagField } from "@/components/tags/TagField";
import { AssigneeField } from "@/components/thread/AssigneeField";
import { ChoiceGroup } from "@/components/thread/ChoiceGroup";
import { TicketFacts } from "@/components/thread/TicketFacts";
import classes from "@/components/thread/TicketDetails.module.css";
import type { useChangeTicket } from "@/hooks/useTicket";
import type { Ticket } from "@/lib/models";
import { TICKET_PRIORITIES, TICKET_STATUSES } from "@/lib/models";
import { detailsTexts } from "@/lib/details-texts";
import { texts } from "@/lib/texts";

interface TicketDetailsProps {
  ticket: Ticket;
  change: ReturnType<typeof useChangeTicket>;
}

export function TicketDetails({ ticket, change }: TicketDetailsProps) {
  return (
    <aside className={classes.details} aria-label={detailsTexts.label} data-part="details">
      <ChoiceGroup
        label={detailsTexts.status}
        choices={TICKET_STATUSES}
        names={texts.status}
        chosen={ticket.status}
        onChoose={change.setStatus}
        withStatusColour
      />
      <ChoiceGroup
        label={detailsTexts.priority}
        choices={TICKET_PRIORITIES}
        names={texts.priority}
        chosen={ticket.priority}
        onChoose={change.setPriority}
      />
      <AssigneeField ticket={ticket} onAssign={change.assign} />
      <TagField ticket={ticket} onAdd={change.addTag} onRemove={change.removeTag} />
      <ContactPanel key={ticket.contact_id} ticket={ticket} />
      <TicketFacts ticket={ticket} />
    </aside>
  );
}
