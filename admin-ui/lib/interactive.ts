import type { Message } from "@/lib/models";

/** The parts of Graph's interactive object that a reader of the thread needs. */
interface Interactive {
  action?: {
    buttons?: { reply?: { title?: string } }[];
    sections?: { rows?: { title?: string }[] }[];
  };
}

/** The titles that the customer could tap, in order: reply buttons, then the rows of a list. */
export function choicesOf(message: Message): string[] {
  const action = (message.payload?.interactive as Interactive | undefined)?.action;
  const buttons = action?.buttons?.map((button) => button.reply?.title) ?? [];
  const rows = action?.sections?.flatMap((section) => section.rows?.map((row) => row.title)) ?? [];
  return [...buttons, ...rows].filter((title): title is string => Boolean(title));
}
