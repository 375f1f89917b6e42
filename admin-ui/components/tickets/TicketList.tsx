import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useMemo } from "react";

import { LatePart } from "@/components/common/LatePart";
import notice from "@/components/common/Notice.module.css";
import { PartWaiting } from "@/components/common/PartWaiting";
import { Waiting } from "@/components/common/Waiting";
import { ListTools } from "@/components/tickets/ListTools";
import { QueueTabs } from "@/components/tickets/QueueTabs";
import classes from "@/components/tickets/SupportDesk.module.css";
import { VirtualTickets } from "@/components/tickets/VirtualTickets";
import { useFetchAhead } from "@/hooks/useFetchAhead";
import { useSelection } from "@/hooks/useSelection";
import type { useTickets } from "@/hooks/useTickets";
import { useTypedSearch } from "@/hooks/useTypedSearch";
import { listTexts } from "@/lib/list-texts";
import type { Ticket } from "@/lib/models";
import type { TicketAddress } from "@/lib/ticket-address";
import { addressOf, listQuery, NARROWINGS, withoutFilters } from "@/lib/ticket-address";

const loadBulkBar = () => import("@/components/tickets/BulkBar").then((part) => part.BulkBar);
const loadSearchResults = () =>
  import("@/components/tickets/SearchResults").then((part) => part.SearchResults);
const BulkBar = dynamic(loadBulkBar, { ssr: false, loading: LatePart });
const SearchResults = dynamic(loadSearchResults, { ssr: false, loading: PartWaiting });
const LATER = [loadBulkBar, loadSearchResults];

interface TicketListProps {
  address: TicketAddress;
  tickets: ReturnType<typeof useTickets>;
}

/** Queues, search and filters, and the tickets that they leave. */
export function TicketList({ address, tickets }: TicketListProps) {
  const [search, setSearch] = useTypedSearch();
  useFetchAhead(LATER);
  return (
    <>
      <QueueTabs address={address} />
      <ListTools address={address} search={search} onSearch={setSearch} />
      {search.text.trim() !== "" ? (
        <SearchResults address={address} search={search} onSearch={setSearch} />
      ) : tickets.data ? (
        <Listed
          key={JSON.stringify(listQuery(address))}
          address={address}
          list={tickets}
          rows={tickets.data.tickets}
        />
      ) : (
        <Waiting />
      )}
    </>
  );
}

interface ListedProps {
  address: TicketAddress;
  list: ReturnType<typeof useTickets>;
  rows: Ticket[];
}

function Listed({ address, list, rows }: ListedProps) {
  const ids = useMemo(() => rows.map((ticket) => ticket.id), [rows]);
  const selection = useSelection(ids);
  return (
    <div className={classes.listed} data-selecting={selection.selected.length > 0}>
      {rows.length === 0 ? (
        <Empty address={address} />
      ) : (
        <VirtualTickets
          address={address}
          tickets={rows}
          selection={selection}
          hasMore={list.hasNextPage}
          // The next page, asked for while the list is asked for anew, would take that one's place.
          isLoading={list.isFetching || list.isFetchNextPageError}
          onMore={list.fetchNextPage}
        />
      )}
      <BulkBar selection={selection} loaded={ids} />
    </div>
  );
}

function Empty({ address }: { address: TicketAddress }) {
  const isNarrowed = NARROWINGS.some((name) => address[name] !== undefined);
  return (
    <div className={notice.centre}>
      <p className={notice.text}>{listTexts.empty[isNarrowed ? "filtered" : address.queue]}</p>
      {isNarrowed && (
        <Button component={Link} href={addressOf(withoutFilters(address))} variant="default" h={44} shallow>
          {listTexts.clear}
        </Button>
      )}
    </div>
  );
}
