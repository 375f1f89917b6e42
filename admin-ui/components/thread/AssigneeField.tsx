import { Button, NativeSelect } from "@mantine/core";

import classes from "@/components/thread/TicketDetails.module.css";
import { useAdmins } from "@/hooks/useAdmins";
import { useSession } from "@/hooks/useSession";
import type { Admin, Ticket } from "@/lib/models";
import { detailsTexts } from "@/lib/details-texts";

interface AssigneeFieldProps {
  ticket: Ticket;
  onAssign: (admin: Admin | null, isClaim: boolean) => void;
}

export function AssigneeField({ ticket, onAssign }: AssigneeFieldProps) {
  const me = useSession().data?.admin;
  const admins = useAdmins().data ?? [];
  const holder = ticket.assigned_admin_id;
  const options = admins.map((admin) => ({ value: String(admin.id), label: admin.name }));
  if (holder !== null && !admins.some((admin) => admin.id === holder)) {
    options.push({ value: String(holder), label: ticket.assigned_admin_name ?? String(holder) });
  }
  return (
    <div className={classes.assign}>
      <NativeSelect
        label={detailsTexts.assignee}
        labelProps={{ className: classes.label }}
        size="md"
        value={holder === null ? "" : String(holder)}
        data={[{ value: "", label: detailsTexts.nobody }, ...options]}
        onChange={(event) => {
          const chosen = admins.find((admin) => String(admin.id) === event.currentTarget.value);
          onAssign(chosen ?? null, false);
        }}
      />
      {me && holder !== me.id && (
        <Button variant="default" h={44} onClick={() => onAssign(me, holder === null)}>
          {holder === null ? detailsTexts.assignToMe : detailsTexts.takeOver}
        </Button>
      )}
    </div>
  );
}
