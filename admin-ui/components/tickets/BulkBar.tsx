import { ActionIcon, Button } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import { MenuItem } from "@/components/common/MenuItem";
import { Popup } from "@/components/common/Popup";
import classes from "@/components/tickets/BulkBar.module.css";
import { BulkOutcome } from "@/components/tickets/BulkOutcome";
import { useAdmins } from "@/hooks/useAdmins";
import { useBulkChange, useBulkOutcome } from "@/hooks/useBulkChange";
import type { Selection } from "@/hooks/useSelection";
import { useTags } from "@/hooks/useTags";
import { bulkTexts } from "@/lib/bulk-texts";
import { listTexts } from "@/lib/list-texts";
import type { TicketChanges } from "@/lib/models";
import { TICKET_STATUSES } from "@/lib/models";
import { texts } from "@/lib/texts";

/** What can be done to all ticked tickets at once, and what came of it. */
export function BulkBar({ selection, loaded }: { selection: Selection; loaded: number[] }) {
  const bulk = useBulkChange();
  const { outcome } = useBulkOutcome();
  const admins = useAdmins().data ?? [];
  const tags = useTags().data ?? [];
  const ids = selection.selected;
  if (ids.length === 0 && !outcome) return null;
  const isPending = outcome?.isPending ?? false;
  // What was refused stays ticked: something else may be done with it.
  const make = (changes: TicketChanges) =>
    bulk.mutate(
      { ticketIds: ids, changes },
      {
        onSuccess: ({ refused }) => {
          const left = new Set(refused.map((each) => each.ticket_id));
          selection.tick((now) => new Set([...now].filter((id) => left.has(id) || !ids.includes(id))));
        },
      },
    );

  return (
    <section className={classes.bar} aria-label={bulkTexts.label}>
      {ids.length > 0 && (
        <>
          <span className={classes.count} role="status">
            {bulkTexts.selected(ids.length)}
          </span>
          <Popup label={bulkTexts.status} icon="check" disabled={isPending}>
            {TICKET_STATUSES.map((status) => (
              <MenuItem
                key={status}
                icon="check"
                label={texts.status[status]}
                onChoose={() => make({ status })}
              />
            ))}
          </Popup>
          <Popup label={bulkTexts.assign} icon="person" disabled={isPending}>
            <div className={classes.choices}>
              {admins.map((admin) => (
                <MenuItem
                  key={admin.id}
                  icon="person"
                  label={admin.name}
                  onChoose={() => make({ assigned_admin_id: admin.id })}
                />
              ))}
              <MenuItem
                icon="cross"
                label={listTexts.nobody}
                onChoose={() => make({ assigned_admin_id: null })}
              />
            </div>
          </Popup>
          <Popup label={bulkTexts.tag} icon="tag" disabled={isPending || tags.length === 0}>
            <div className={classes.choices}>
              {tags.map((tag) => (
                <MenuItem
                  key={tag.id}
                  icon="tag"
                  label={tag.name}
                  onChoose={() => make({ add_tag_ids: [tag.id] })}
                />
              ))}
            </div>
          </Popup>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={44}
            aria-label={bulkTexts.clearSelection}
            onClick={() => selection.tick(new Set())}
          >
            <Icon name="cross" />
          </ActionIcon>
          {ids.length < loaded.length && (
            <Button variant="subtle" h={44} onClick={() => selection.tick(new Set(loaded))}>
              {bulkTexts.selectLoaded(loaded.length)}
            </Button>
          )}
        </>
      )}
      <BulkOutcome />
    </section>
  );
}
