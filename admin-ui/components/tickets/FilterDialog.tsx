import { Button, NativeSelect } from "@mantine/core";

import { Dialog } from "@/components/common/Dialog";
import classes from "@/components/tickets/FilterDialog.module.css";
import { useFilterChoices } from "@/hooks/useFilterChoices";
import { useTickets } from "@/hooks/useTickets";
import { changeTicketAddress } from "@/lib/change-ticket-address";
import { listTexts } from "@/lib/list-texts";
import type { TicketAddress } from "@/lib/ticket-address";
import { listQuery, NARROWINGS, readTicketAddress, withoutFilters } from "@/lib/ticket-address";
import { queueFilter } from "@/lib/ticket-lists";

/** All filters; the list behind follows each choice, and each is a step back in the browser. */
export function FilterDialog({ address, onClose }: { address: TicketAddress; onClose: () => void }) {
  const choices = useFilterChoices(address.opened);
  const { data } = useTickets(queueFilter(address.queue, address, address.sort));

  return (
    <Dialog title={listTexts.filters} onClose={onClose}>
      <div className={classes.fields}>
        {NARROWINGS.map((name) => (
          <NativeSelect
            key={name}
            label={listTexts.fields[name]}
            size="md"
            value={address[name] === undefined ? "" : String(address[name])}
            data={[{ value: "", label: listTexts.any }, ...choices[name]]}
            onChange={(event) => {
              const { value } = event.currentTarget;
              changeTicketAddress((now) => ({
                ...readTicketAddress({ ...listQuery(now), [name]: value }),
                ticketId: now.ticketId,
              }));
            }}
          />
        ))}
      </div>
      <div className={classes.ends}>
        <Button variant="default" h={44} onClick={() => changeTicketAddress(withoutFilters)}>
          {listTexts.clear}
        </Button>
        <Button className={classes.show} h={44} onClick={onClose}>
          {listTexts.show(data?.total ?? 0, data?.isCapped ?? false)}
        </Button>
      </div>
    </Dialog>
  );
}
