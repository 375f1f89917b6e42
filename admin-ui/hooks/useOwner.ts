import { useEffect } from "react";

import { kept } from "@/lib/kept";
import { leaving } from "@/lib/leaving";

/**
 * Tabs of one browser share the desk's cookie: when another person signs in in one, what the others send goes out in
 * that one's name. So a page begins anew when another tab is somebody else's.
 */
export function useOwner(adminId: number): void {
  useEffect(
    () =>
      kept.onAnotherPerson(adminId, () => {
        leaving.unasked();
        window.location.reload();
      }),
    [adminId],
  );
}
