import { ActionIcon, Button, NativeSelect, TextInput } from "@mantine/core";
import { useRouter } from "next/router";
import { useRef, useState } from "react";

import { Icon } from "@/components/common/Icon";
import { ActiveFilters } from "@/components/tickets/ActiveFilters";
import { FilterDialog } from "@/components/tickets/FilterDialog";
import classes from "@/components/tickets/ListTools.module.css";
import { useShortcuts } from "@/hooks/useShortcuts";
import { listTexts } from "@/lib/list-texts";
import type { TicketAddress } from "@/lib/ticket-address";
import { addressOf, NARROWINGS } from "@/lib/ticket-address";
import type { ListSort } from "@/lib/ticket-lists";
import { LIST_SORTS } from "@/lib/ticket-lists";
import type { SearchState } from "@/lib/typed-search";

interface ListToolsProps {
  address: TicketAddress;
  search: SearchState;
  onSearch: (search: SearchState) => void;
}

/** Searching, narrowing down and sorting the list. */
export function ListTools({ address, search, onSearch }: ListToolsProps) {
  const router = useRouter();
  const input = useRef<HTMLInputElement>(null);
  const [showsFilters, setShowsFilters] = useState(false);
  const filters = NARROWINGS.filter((name) => address[name] !== undefined).length;
  useShortcuts([
    { keys: "/", label: listTexts.keys.search, group: "list", run: () => input.current?.focus() },
  ]);
  const clear = () => onSearch({ ...search, text: "" });

  return (
    <div className={classes.tools}>
      <div className={classes.line}>
        <TextInput
          ref={input}
          className={classes.search}
          size="md"
          type="search"
          aria-label={listTexts.search.label}
          placeholder={listTexts.search.placeholder}
          autoComplete="off"
          leftSection={<Icon name="search" />}
          rightSection={
            search.text && (
              <ActionIcon
                variant="subtle"
                color="gray"
                size={44}
                aria-label={listTexts.search.clear}
                onClick={clear}
              >
                <Icon name="cross" />
              </ActionIcon>
            )
          }
          rightSectionWidth={44}
          value={search.text}
          onChange={(event) => onSearch({ ...search, text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            if (search.text) clear();
            else input.current?.blur();
          }}
        />
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
        <NativeSelect
          className={classes.sort}
          size="md"
          aria-label={listTexts.sort}
          value={address.sort ?? "activity"}
          data={LIST_SORTS.map((sort) => ({ value: sort, label: listTexts.sorts[sort] }))}
          onChange={(event) => {
            const sort = event.currentTarget.value as ListSort;
            void router.push(addressOf({ ...address, sort }), undefined, { shallow: true });
          }}
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
