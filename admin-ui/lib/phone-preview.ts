import type { PhoneMessage } from "@/lib/phone-client";
import { phoneTexts } from "@/lib/phone-texts";
import { plainTextOf } from "@/lib/whatsapp-format";

/** A message in one line: its words, or else what it is. */
export function previewOf(message: Pick<PhoneMessage, "type" | "text"> & { is_deleted?: boolean }): string {
  if (message.is_deleted) return phoneTexts.deleted;
  return plainTextOf(message.text) || (phoneTexts.kinds[message.type] ?? "");
}

/** A message that has nothing to show but what it is. */
export function isBare({ type }: PhoneMessage): boolean {
  return ["order", "unsupported", "hologram", "request_welcome"].includes(type);
}
