import { useState } from "react";

import type { Notifications } from "@/lib/models";

const counts = ({ open_tickets, unassigned_tickets }: Notifications) => [open_tickets, unassigned_tickets];

/** Whether the alert was put away, which holds until one of its counts grows; shrinking ones are followed. */
export function useDismissedAlert(now: Notifications | undefined): [boolean, () => void] {
  const [seen, setSeen] = useState<number[] | null>(null);
  if (now && seen) {
    const present = counts(now);
    if (present.some((count, index) => count > (seen[index] ?? 0))) setSeen(null);
    else if (present.some((count, index) => count < (seen[index] ?? 0))) setSeen(present);
  }
  return [seen !== null, () => now && setSeen(counts(now))];
}
