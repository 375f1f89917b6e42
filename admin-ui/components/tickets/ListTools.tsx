import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";

import { Icon } from "@/components/common/Icon";
import { LatePart } from "@/components/common/LatePart";
import { ActiveFilters } from "@/components/tickets/ActiveFilters";
import classes from "@/components/tickets/ListTools.module.css";
import { SearchField } from "@/components/tickets/SearchField";
import { SortField } from "@/components/tickets/SortField";
import { useFetchAhead } from "@/hooks/useFetchAhead";
import { changeTicketAddress } from "@/lib/change-ticket-address";
import { listTexts } from "@/lib/list-texts";
import type { TicketAddress } from "@/lib/ticket-address";
import { NARROWINGS } from "@/lib/ticket-address";
import type { SearchState } from "@/lib/typed-search";

const loadFilterDialog = () => import("@/components/tickets/FilterDialog").then((part) => part.FilterDialog);
const FilterDialog = dynamic(loadFilterDialog, { ssr: false, loading: LatePart });
const LATER = [loadFilterDialog];

interface ListToolsProps {
  address: TicketAddress;
  search: SearchState;
  onSearch: (search: SearchState) => void;
}

/** Searching, narrowing down and sorting the list. */
export function ListTools({ address, search, onSearch }: ListToolsProps) {
  const [showsFilters, setShowsFilters] = useState(false);
  const filters = NARROWINGS.filter((name) => address[name] !== undefined).length;
  useFetchAhead(LATER);

  return (
    <div className={classes.tools}>
      <div className={classes.line}>
        <SearchField text={search.text} onType={(text) => onSearch({ ...search, text })} />
      </div>
      {search.text.trim() !== "" && (
        <div className={classes.where} role="group" aria-label={listTexts.search.where}>
          {[false, true].map((isEverywhere) => (
            <button
              key={String(isEverywhere)}
              type="button"
              className={classes.place}
              aria-pressed={search.isEverywhere === isEverywhere}
              onClick={() => onSearch({ ...search, isEverywhere })}
            >
              {isEverywhere ? listTexts.search.everywhere : listTexts.search.inList}
            </button>
          ))}
        </div>
      )}
      <div className={classes.line}>
        <SortField
          sort={address.sort ?? "activity"}
          onSort={(sort) => changeTicketAddress((now) => ({ ...now, sort }))}
        />
        <Button
          variant="default"
          h={44}
          px="sm"
          leftSection={<Icon name="filter" />}
          aria-label={filters ? listTexts.filtersOn(filters) : undefined}
          onClick={() => setShowsFilters(true)}
        >
          {listTexts.filters}
          {filters > 0 && ` (${filters})`}
        </Button>
      </div>
      {filters > 0 && <ActiveFilters address={address} />}
      {showsFilters && <FilterDialog address={address} onClose={() => setShowsFilters(false)} />}
    </div>
  );
}
