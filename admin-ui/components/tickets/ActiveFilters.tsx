import Link from "next/link";

import { Icon } from "@/components/common/Icon";
import classes from "@/components/tickets/ListTools.module.css";
import { useFilterChoices } from "@/hooks/useFilterChoices";
import { listTexts } from "@/lib/list-texts";
import type { TicketAddress } from "@/lib/ticket-address";
import { addressOf, NARROWINGS } from "@/lib/ticket-address";

/** What narrows the list down now; a tap takes it away. */
export function ActiveFilters({ address }: { address: TicketAddress }) {
  const choices = useFilterChoices(address.opened);
  return (
    <ul className={classes.chips}>
      {NARROWINGS.filter((name) => address[name] !== undefined).map((name) => {
        const value = String(address[name]);
        const label = choices[name].find((choice) => choice.value === value)?.label ?? value;
        const words = `${listTexts.fields[name]}: ${label}`;
        return (
          <li key={name}>
            <Link
              href={addressOf({ ...address, [name]: undefined })}
              className={classes.chip}
              aria-label={listTexts.remove(words)}
              shallow
            >
              {words}
              <Icon name="cross" size={14} />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
