import Link from "next/link";

import classes from "@/components/tickets/QueueTabs.module.css";
import { useQueues } from "@/hooks/useTickets";
import { countText, listTexts } from "@/lib/list-texts";
import type { TicketCount } from "@/lib/models";
import type { TicketAddress } from "@/lib/ticket-address";
import { addressOf } from "@/lib/ticket-address";
import { TICKET_QUEUES } from "@/lib/ticket-lists";

/** The lists that an admin works through, each an address of its own; the opened ticket stays open. */
export function QueueTabs({ address }: { address: TicketAddress }) {
  const counts: Record<string, TicketCount> | undefined = useQueues().data?.queues;
  return (
    <nav aria-label={listTexts.queuesLabel}>
      <ul className={classes.queues}>
        {TICKET_QUEUES.map((queue) => (
          <li key={queue}>
            <Link
              href={addressOf({ ...address, queue, status: undefined, assignee: undefined })}
              className={classes.queue}
              aria-current={queue === address.queue ? "true" : undefined}
              shallow
            >
              <span className={classes.words}>{listTexts.queues[queue]}</span>
              <span className={classes.count}>{counts?.[queue] && countText(counts[queue])}</span>
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
