import { ActionIcon, Button } from "@mantine/core";
import Link from "next/link";
import { useEffect, useRef } from "react";

import { Icon } from "@/components/common/Icon";
import { InitialsAvatar } from "@/components/common/InitialsAvatar";
import { StatusLabel } from "@/components/common/StatusLabel";
import { Colleagues } from "@/components/thread/Colleagues";
import classes from "@/components/thread/ThreadHeader.module.css";
import type { Ticket } from "@/lib/models";
import { isLive } from "@/lib/models";
import { texts } from "@/lib/texts";

interface ThreadHeaderProps {
  ticket: Ticket;
  toList: { pathname: string; query: Record<string, string> };
  showsDetails: boolean;
  onToggleDetails: () => void;
  onResolveAndNext: () => void;
}

export function ThreadHeader(props: ThreadHeaderProps) {
  const { ticket, toList, showsDetails, onToggleDetails, onResolveAndNext } = props;
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <header className={classes.header}>
      <ActionIcon
        component={Link}
        href={toList}
        className={classes.back}
        variant="subtle"
        color="gray"
        size={44}
        aria-label={texts.tickets.back}
      >
        <Icon name="back" size={22} />
      </ActionIcon>
      <InitialsAvatar name={ticket.sender_name} />
      <div className={classes.words}>
        <h2 className={classes.name} ref={heading} tabIndex={-1}>
          {ticket.sender_name}
        </h2>
        <p className={classes.facts}>
          <StatusLabel status={ticket.status} />
          <span>{texts.tickets.number(ticket.id)}</span>
          <span className={classes.assignee}>
            {ticket.assigned_admin_name
              ? texts.tickets.assignedTo(ticket.assigned_admin_name)
              : texts.tickets.unassigned}
          </span>
          <Colleagues ticketId={ticket.id} />
        </p>
      </div>
      {isLive(ticket) && (
        <Button
          className={classes.done}
          variant="default"
          h={44}
          px="sm"
          title={texts.tickets.resolveAndNext}
          onClick={onResolveAndNext}
        >
          <Icon name="check" />
          <span className={classes.doneWords}>{texts.tickets.resolveAndNext}</span>
        </Button>
      )}
      <Button
        className={classes.toggle}
        variant="default"
        h={44}
        px="sm"
        aria-expanded={showsDetails}
        onClick={onToggleDetails}
      >
        {showsDetails ? texts.tickets.hideDetails : texts.tickets.showDetails}
      </Button>
    </header>
  );
}
