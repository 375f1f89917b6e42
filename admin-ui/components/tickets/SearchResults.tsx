import { Button } from "@mantine/core";

import { Failure } from "@/components/common/Failure";
import notice from "@/components/common/Notice.module.css";
import { Waiting } from "@/components/common/Waiting";
import { BulkOutcome } from "@/components/tickets/BulkOutcome";
import classes from "@/components/tickets/SearchResults.module.css";
import { Snippet } from "@/components/tickets/Snippet";
import { TicketRow } from "@/components/tickets/TicketRow";
import { useNow } from "@/hooks/useNow";
import { useSearch } from "@/hooks/useSearch";
import { listTexts } from "@/lib/list-texts";
import type { TicketMatch } from "@/lib/models";
import type { TicketAddress } from "@/lib/ticket-address";
import { listQuery } from "@/lib/ticket-address";
import { queueFilter } from "@/lib/ticket-lists";
import type { SearchState } from "@/lib/typed-search";

interface SearchResultsProps {
  address: TicketAddress;
  search: SearchState;
  onSearch: (search: SearchState) => void;
}

export function SearchResults({ address, search, onSearch }: SearchResultsProps) {
  const now = useNow();
  const filter = search.isEverywhere ? null : queueFilter(address.queue, address);
  const { found, isBehind } = useSearch(search.text, filter);
  if (isBehind) return <Waiting />;
  if (found.error && !found.data) {
    return <Failure error={found.error} onRetry={() => void found.refetch()} />;
  }
  if (!found.data) return <Waiting />;
  const { matches, is_complete: isComplete } = found.data;
  return (
    <div className={classes.scroll}>
      <BulkOutcome />
      <p className={matches.length ? classes.found : "visually-hidden"} role="status">
        {matches.length ? listTexts.search.found(matches.length, isComplete) : listTexts.search.nothing}
      </p>
      {matches.length === 0 && (
        <div className={notice.centre}>
          <p className={notice.title}>
            {search.isEverywhere ? listTexts.search.nothing : listTexts.search.nothingHere}
          </p>
          <p className={notice.text}>{listTexts.search.nothingHint}</p>
          {!search.isEverywhere && (
            <Button variant="default" h={44} onClick={() => onSearch({ ...search, isEverywhere: true })}>
              {listTexts.search.everywhere}
            </Button>
          )}
        </div>
      )}
      <ul className={classes.list}>
        {matches.map((match) => (
          <li key={match.ticket.id}>
            <TicketRow
              ticket={match.ticket}
              now={now}
              query={listQuery(address)}
              isSelected={match.ticket.id === address.ticketId}
              name={match.name && <Snippet parts={match.name} />}
            >
              <Found match={match} />
            </TicketRow>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Found({ match }: { match: TicketMatch }) {
  const parts = match.number ?? match.messages[0]?.snippet ?? match.issue;
  return parts ? <Snippet parts={parts} /> : match.ticket.last_message_preview;
}
