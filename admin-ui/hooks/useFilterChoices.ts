import { useAdmins } from "@/hooks/useAdmins";
import { useNumberHealth } from "@/hooks/useNumberHealth";
import { useTags } from "@/hooks/useTags";
import { listTexts } from "@/lib/list-texts";
import { TICKET_PRIORITIES, TICKET_STATUSES } from "@/lib/models";
import { texts } from "@/lib/texts";
import type { NARROWINGS } from "@/lib/ticket-address";
import { CLOSING_HOURS } from "@/lib/ticket-lists";

type Choice = { value: string; label: string };

/** What can be chosen of each filter, in the words that the list shows. */
export function useFilterChoices(): Record<(typeof NARROWINGS)[number], Choice[]> {
  const admins = useAdmins().data ?? [];
  const tags = useTags().data ?? [];
  const numbers = useNumberHealth().data?.numbers ?? [];
  return {
    status: TICKET_STATUSES.map((value) => ({ value, label: texts.status[value] })),
    priority: TICKET_PRIORITIES.map((value) => ({ value, label: texts.priority[value] })),
    assignee: [
      { value: "me", label: listTexts.me },
      { value: "none", label: listTexts.nobody },
      ...admins.map((admin) => ({ value: String(admin.id), label: admin.name })),
    ],
    tag: tags.map((tag) => ({ value: String(tag.id), label: tag.name })),
    number: numbers.map((number) => ({
      value: number.phone_number_id,
      label: number.display_phone_number ?? number.phone_number_id,
    })),
    closing: CLOSING_HOURS.map((hours) => ({ value: String(hours), label: listTexts.closingWithin(hours) })),
  };
}
