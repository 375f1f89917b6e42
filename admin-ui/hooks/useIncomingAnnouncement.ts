import { useState } from "react";

import type { Message } from "@/lib/models";

/** The customer's newest message if it came while the thread was open, for those who listen to the screen. */
export function useIncomingAnnouncement(messages: Message[]): Message | null {
  const newest = messages.findLast((message) => message.sender_type === "user") ?? null;
  const [seenAtOpening] = useState(newest?.id ?? 0);
  return newest && newest.id > seenAtOpening ? newest : null;
}
