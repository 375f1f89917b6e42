import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { KeyboardEvent } from "react";

import classes from "@/components/tickets/TicketList.module.css";
import { TicketRow } from "@/components/tickets/TicketRow";
import { useListAnchor } from "@/hooks/useListAnchor";
import { useNow } from "@/hooks/useNow";
import type { Selection } from "@/hooks/useSelection";
import { useShortcuts } from "@/hooks/useShortcuts";
import { useVirtualRows } from "@/hooks/useVirtualRows";
import { listTexts } from "@/lib/list-texts";
import type { Ticket } from "@/lib/models";
import type { TicketAddress } from "@/lib/ticket-address";
import { listQuery } from "@/lib/ticket-address";
import { rowOffsets } from "@/lib/row-offsets";

/** So near to the end of what is loaded, more is fetched. */
const NEAR_END_ROWS = 40;

interface VirtualTicketsProps {
  address: TicketAddress;
  tickets: Ticket[];
  selection: Selection;
  hasMore: boolean;
  isLoading: boolean;
  onMore: () => void;
}

/** A list of any length, of which the rows in sight are drawn. */
export function VirtualTickets(props: VirtualTicketsProps) {
  const { address, tickets, selection, hasMore, isLoading, onMore } = props;
  const now = useNow();
  const scroller = useRef<HTMLDivElement>(null);
  const offsets = useMemo(() => rowOffsets(tickets), [tickets]);
  const { first, last } = useVirtualRows(scroller, offsets);
  useListAnchor(scroller, tickets, offsets);
  const query = useMemo(() => listQuery(address), [address]);

  // The row that the keyboard is at: it stays drawn wherever it goes, and keeps the focus.
  const [activeId, setActiveId] = useState<number | null>(null);
  const wantsFocus = useRef(false);
  const activeIndex = tickets.findIndex((ticket) => ticket.id === activeId);
  const openedIndex = tickets.findIndex((ticket) => ticket.id === address.ticketId);
  const stop = activeIndex >= 0 ? activeIndex : Math.max(openedIndex, 0);
  const drawn = tickets.slice(first, last + 1).map((ticket, index) => ({ ticket, index: first + index }));
  const atStop = tickets[stop];
  if (atStop && stop < first) drawn.unshift({ ticket: atStop, index: stop });
  if (atStop && stop > last) drawn.push({ ticket: atStop, index: stop });

  useLayoutEffect(() => {
    const link = scroller.current?.querySelector<HTMLElement>(`[data-ticket="${activeId}"]`);
    if (wantsFocus.current && link && document.activeElement !== link) link.focus({ preventScroll: true });
  });

  useEffect(() => {
    if (hasMore && !isLoading && last >= tickets.length - NEAR_END_ROWS) onMore();
  }, [hasMore, isLoading, last, tickets.length, onMore]);

  function goTo(index: number) {
    const ticket = tickets[Math.min(Math.max(index, 0), tickets.length - 1)];
    const element = scroller.current;
    if (!ticket || !element) return;
    const at = tickets.indexOf(ticket);
    const [top, bottom] = [offsets[at] ?? 0, offsets[at + 1] ?? 0];
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + element.clientHeight)
      element.scrollTop = bottom - element.clientHeight;
    wantsFocus.current = true;
    setActiveId(ticket.id);
  }
  const step = (by: number) => goTo(activeIndex >= 0 || openedIndex >= 0 ? stop + by : 0);

  useShortcuts([
    { keys: "j", label: listTexts.keys.next, group: "list", run: () => step(1) },
    { keys: "k", label: listTexts.keys.previous, group: "list", run: () => step(-1) },
    {
      keys: "x",
      label: listTexts.keys.select,
      group: "list",
      run: () => atStop && selection.toggle(atStop.id),
    },
  ]);

  function onKeyDown(event: KeyboardEvent) {
    const moves: Record<string, () => void> = {
      ArrowDown: () => step(1),
      ArrowUp: () => step(-1),
      Home: () => goTo(0),
      End: () => goTo(tickets.length - 1),
    };
    const move = moves[event.key];
    if (!move || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move();
  }

  return (
    <div
      ref={scroller}
      className={classes.scroll}
      onBlur={(event) => {
        if (event.relatedTarget) wantsFocus.current = false;
      }}
    >
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys of its links */}
      <ul className={classes.rows} style={{ height: offsets[tickets.length] }} onKeyDown={onKeyDown}>
        {drawn.map(({ ticket, index }) => (
          <li
            key={ticket.id}
            className={classes.row}
            style={{ top: offsets[index], height: (offsets[index + 1] ?? 0) - (offsets[index] ?? 0) }}
            aria-setsize={hasMore ? -1 : tickets.length}
            aria-posinset={index + 1}
            onFocus={(event) => {
              if (!(event.target instanceof HTMLAnchorElement)) return;
              wantsFocus.current = true;
              setActiveId(ticket.id);
            }}
          >
            <label className={classes.tick}>
              <input
                type="checkbox"
                aria-label={listTexts.select(ticket.sender_name, ticket.id)}
                tabIndex={index === stop ? undefined : -1}
                checked={selection.has(ticket.id)}
                onChange={(event) =>
                  selection.toggle(ticket.id, (event.nativeEvent as unknown as MouseEvent).shiftKey)
                }
              />
            </label>
            <TicketRow
              ticket={ticket}
              now={now}
              query={query}
              isSelected={ticket.id === address.ticketId}
              isTabStop={index === stop}
            />
          </li>
        ))}
      </ul>
      {hasMore && <p className={classes.loading}>{listTexts.loadingMore}</p>}
    </div>
  );
}
