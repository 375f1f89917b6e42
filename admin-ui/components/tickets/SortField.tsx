import { Icon } from "@/components/common/Icon";
import classes from "@/components/tickets/Field.module.css";
import { listTexts } from "@/lib/list-texts";
import type { ListSort } from "@/lib/ticket-lists";
import { LIST_SORTS } from "@/lib/ticket-lists";

/** The browser's own, for the same reason as the field of the search. */
export function SortField({ sort, onSort }: { sort: ListSort; onSort: (sort: ListSort) => void }) {
  return (
    <div className={classes.place}>
      <select
        className={classes.sort}
        aria-label={listTexts.sort}
        value={sort}
        onChange={(event) => onSort(event.currentTarget.value as ListSort)}
      >
        {LIST_SORTS.map((one) => (
          <option key={one} value={one}>
            {listTexts.sorts[one]}
          </option>
        ))}
      </select>
      <span className={classes.arrow}>
        <Icon name="down" size={16} />
      </span>
    </div>
  );
}
