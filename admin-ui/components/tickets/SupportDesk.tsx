import dynamic from "next/dynamic";

import { Icon } from "@/components/common/Icon";
import notice from "@/components/common/Notice.module.css";
import { PartWaiting } from "@/components/common/PartWaiting";
import classes from "@/components/tickets/SupportDesk.module.css";
import { TicketList } from "@/components/tickets/TicketList";
import { useFetchAhead } from "@/hooks/useFetchAhead";
import type { useTickets } from "@/hooks/useTickets";
import type { Ticket } from "@/lib/models";
import { texts } from "@/lib/texts";
import type { TicketAddress } from "@/lib/ticket-address";

const loadOpenedTicket = () => import("@/components/thread/OpenedTicket").then((part) => part.OpenedTicket);
const OpenedTicket = dynamic(loadOpenedTicket, { ssr: false, loading: PartWaiting });
const LATER = [loadOpenedTicket];

interface SupportDeskProps {
  address: TicketAddress;
  tickets: ReturnType<typeof useTickets>;
}

const NONE: Ticket[] = [];

/** List and thread side by side; on a narrow screen one at a time. */
export function SupportDesk({ address, tickets }: SupportDeskProps) {
  const isOpened = address.ticketId !== undefined;
  useFetchAhead(LATER);
  return (
    <div className={classes.desk} data-opened={isOpened}>
      <h1 className="visually-hidden">{texts.tickets.title}</h1>
      <section className={classes.list} aria-label={texts.tickets.list}>
        <TicketList address={address} tickets={tickets} />
      </section>
      <section className={classes.opened} aria-label={texts.tickets.opened}>
        {address.ticketId === undefined ? (
          <div className={notice.centre}>
            <span className={notice.mark}>
              <Icon name="bubble" size={36} />
            </span>
            <p className={notice.text}>{texts.tickets.choose}</p>
          </div>
        ) : (
          <OpenedTicket
            key={address.ticketId}
            ticketId={address.ticketId}
            address={address}
            listed={tickets.data?.tickets ?? NONE}
          />
        )}
      </section>
    </div>
  );
}
