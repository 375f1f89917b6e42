import { useEffect } from "react";

import { useSession } from "@/hooks/useSession";
import { kept } from "@/lib/kept";

/** Once the desk says that the customer was erased, this browser keeps nothing that was begun about them either. */
export function useForgetErased(isErased: boolean, contactId: number): void {
  const me = useSession().data?.admin.id ?? 0;
  useEffect(() => {
    if (isErased) kept.write(me, `contact-note-${contactId}`, "");
  }, [isErased, contactId, me]);
}
