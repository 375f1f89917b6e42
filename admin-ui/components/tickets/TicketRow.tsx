import Link from "next/link";
import { memo } from "react";
import type { ReactNode } from "react";

import { Icon } from "@/components/common/Icon";
import { InitialsAvatar } from "@/components/common/InitialsAvatar";
import { StatusLabel } from "@/components/common/StatusLabel";
import { TagChip } from "@/components/tags/TagChip";
import { ColleaguesMark } from "@/components/thread/Colleagues";
import classes from "@/components/tickets/TicketRow.module.css";
import { useTagsOf } from "@/hooks/useTags";
import { answerWindow } from "@/lib/answer-window";
import type { Ticket } from "@/lib/models";
import { isLive } from "@/lib/models";
import { duration, fullTime, relativeTime } from "@/lib/relative-time";
import { texts } from "@/lib/texts";

interface TicketRowProps {
  ticket: Ticket;
  now: number;
  /** What the address of the opened ticket keeps of the list it was opened from. */
  query: Record<string, string>;
  isSelected?: boolean;
  /** Of a list's rows one is a stop of the Tab key; the arrow keys go to the others. */
  isTabStop?: boolean;
  /** What a search found stands in the place of the last message. */
  children?: ReactNode;
  name?: ReactNode;
}

export const TicketRow = memo(function TicketRow(props: TicketRowProps) {
  const { ticket, now, query, isSelected, isTabStop = true, children, name } = props;
  const tags = useTagsOf(ticket.tag_ids);
  const window = answerWindow(ticket.window_expires_at, now);
  const isPressing = ticket.priority === "URGENT" || ticket.priority === "HIGH";
  return (
    <Link
      href={{ pathname: "/support-tickets", query: { ...query, ticket: ticket.id } }}
      className={classes.row}
      aria-current={isSelected ? "true" : undefined}
      data-unread={ticket.unread_count > 0}
      data-testid={`ticket-${ticket.id}`}
      data-ticket={ticket.id}
      tabIndex={isTabStop ? undefined : -1}
      shallow
    >
      <InitialsAvatar name={ticket.sender_name} />
      <span className={classes.words}>
        <span className={classes.line}>
          <bdi className={classes.name}>{name ?? ticket.sender_name}</bdi>
          <time
            className={classes.time}
            dateTime={ticket.last_message_at}
            title={fullTime(ticket.last_message_at)}
          >
            {relativeTime(ticket.last_message_at, now)}
          </time>
        </span>
        <span className={classes.line}>
          <span className={classes.preview}>
            {children ?? (ticket.last_message_preview || ticket.issue_description || texts.tickets.noIssue)}
          </span>
          {ticket.unread_count > 0 && (
            <span className={classes.unread}>
              <span aria-hidden>{ticket.unread_count > 99 ? "99+" : ticket.unread_count}</span>
              <span className="visually-hidden">{texts.tickets.unread(ticket.unread_count)}</span>
            </span>
          )}
        </span>
        <span className={classes.line}>
          <StatusLabel status={ticket.status} />
          <span className={classes.facts}>
            <ColleaguesMark ticketId={ticket.id} />
            {window.state === "closing" && isLive(ticket) && (
              <span className={classes.closing} title={texts.tickets.closes(duration(window.left))}>
                <Icon name="clock" size={13} />
                <span className="visually-hidden">{texts.tickets.closesIn}</span>
                {duration(window.left)}
              </span>
            )}
            {isPressing && (
              <span className={classes.priority} data-priority={ticket.priority}>
                {texts.priority[ticket.priority]}
              </span>
            )}
            <span className={classes.assignee}>{ticket.assigned_admin_name ?? texts.tickets.unassigned}</span>
            <span>{texts.tickets.number(ticket.id)}</span>
          </span>
        </span>
        {tags.length > 0 && (
          <span className={classes.tags}>
            {tags.map((tag) => (
              <TagChip key={tag.id} tag={tag} />
            ))}
          </span>
        )}
      </span>
    </Link>
  );
});
