import { useEffect } from "react";

import { useAttachments } from "@/hooks/useAttachments";
import { useSession } from "@/hooks/useSession";
import { kept } from "@/lib/kept";
import type { Ticket } from "@/lib/models";
import { outgoingQueue } from "@/lib/outgoing-queue";

/** Once the desk says that the customer was erased, this browser keeps nothing that was written to or of them either. */
export function useForgetErased(isErased: boolean, { id, contact_id }: Ticket): void {
  const me = useSession().data?.admin.id ?? 0;
  const { files, clear } = useAttachments(id);
  useEffect(() => {
    if (isErased && files.length > 0) clear(); // what somebody was still saying to them comes a moment later
  });
  useEffect(() => {
    if (!isErased) return;
    for (const name of [`contact-note-${contact_id}`, `draft-${id}`, `note-${id}`]) kept.write(me, name, "");
    for (const message of outgoingQueue.current().filter((one) => one.ticket_id === id))
      outgoingQueue.discard(message);
  }, [isErased, id, contact_id, me]);
}
