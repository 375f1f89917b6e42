import { ActionIcon, Button } from "@mantine/core";

import { Icon } from "@/components/common/Icon";
import { MenuItem } from "@/components/common/MenuItem";
import { Popup } from "@/components/common/Popup";
import classes from "@/components/tickets/BulkBar.module.css";
import { BulkOutcome } from "@/components/tickets/BulkOutcome";
import { useAdmins } from "@/hooks/useAdmins";
import { useBulkChange } from "@/hooks/useBulkChange";
import type { Selection } from "@/hooks/useSelection";
import { useTags } from "@/hooks/useTags";
import { listTexts } from "@/lib/list-texts";
import type { TicketChanges } from "@/lib/models";
import { TICKET_STATUSES } from "@/lib/models";
import { texts } from "@/lib/texts";

/** What can be done to all ticked tickets at once, and what came of it. */
export function BulkBar({ selection, loaded }: { selection: Selection; loaded: number }) {
  const bulk = useBulkChange();
  const admins = useAdmins().data ?? [];
  const tags = useTags().data ?? [];
  const ids = selection.selected;
  if (ids.length === 0 && !bulk.data && !bulk.error) return null;
  const make = (changes: TicketChanges) =>
    bulk.mutate({ ticketIds: ids, changes }, { onSuccess: selection.clear });

  return (
    <section className={classes.bar} aria-label={listTexts.bulk.label}>
      {ids.length > 0 && (
        <>
          <span className={classes.count} role="status">
            {listTexts.selected(ids.length)}
          </span>
          <Popup label={listTexts.bulk.status} icon="check" disabled={bulk.isPending}>
            {TICKET_STATUSES.map((status) => (
              <MenuItem
                key={status}
                icon="check"
                label={texts.status[status]}
                onChoose={() => make({ status })}
              />
            ))}
          </Popup>
          <Popup label={listTexts.bulk.assign} icon="person" disabled={bulk.isPending}>
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
          <Popup label={listTexts.bulk.tag} icon="tag" disabled={bulk.isPending || tags.length === 0}>
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
            aria-label={listTexts.clearSelection}
            onClick={selection.clear}
          >
            <Icon name="cross" />
          </ActionIcon>
          {ids.length < loaded && (
            <Button variant="subtle" h={44} onClick={selection.selectAll}>
              {listTexts.selectLoaded(loaded)}
            </Button>
          )}
        </>
      )}
      <BulkOutcome result={bulk.data} error={bulk.error} onDismiss={bulk.reset} />
    </section>
  );
}
