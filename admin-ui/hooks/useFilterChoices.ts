import { useAdmins } from "@/hooks/useAdmins";
import { useNumberHealth } from "@/hooks/useNumberHealth";
import { useOverview } from "@/hooks/useOverview";
import { useTags } from "@/hooks/useTags";
import { listTexts } from "@/lib/list-texts";
import { TICKET_PRIORITIES, TICKET_STATUSES } from "@/lib/models";
import { calendarDay } from "@/lib/relative-time";
import { texts } from "@/lib/texts";
import type { NARROWINGS } from "@/lib/ticket-address";
import { CLOSING_HOURS } from "@/lib/ticket-lists";

const DAY = { weekday: "short", day: "numeric", month: "short", year: "numeric" } as const;

type Choice = { value: string; label: string };

/** What can be chosen of each filter, in the words that the list shows; `opened` is the day chosen already. */
export function useFilterChoices(opened?: string): Record<(typeof NARROWINGS)[number], Choice[]> {
  const admins = useAdmins().data ?? [];
  const tags = useTags().data ?? [];
  const numbers = useNumberHealth().data?.numbers ?? [];
  const week = useOverview().data?.days.map(({ day }) => day) ?? [];
  const days = [...new Set(opened ? [opened, ...week] : week)].sort().reverse();
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
    opened: days.map((value) => ({ value, label: calendarDay(value, DAY) })),
    closing: CLOSING_HOURS.map((hours) => ({ value: String(hours), label: listTexts.closingWithin(hours) })),
  };
}
