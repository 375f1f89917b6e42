import type { NewReply } from "@/lib/thread";

export interface ListChoice {
  title: string;
  description: string;
  section: string;
}

type ListMenu = Extract<NonNullable<NewReply["content"]["interactive"]>, { type: "list" }>;

/** What tells the desk which one was tapped; the customer reads only the words. */
const choiceId = (index: number) => `choice-${index + 1}`;

/** Three fields, of which some may be empty, as WhatsApp's buttons. */
export function buttonsOf(titles: string[]): { id: string; title: string }[] {
  return titles
    .map((title) => title.trim())
    .filter(Boolean)
    .map((title, index) => ({ id: choiceId(index), title }));
}

/** The choices under the names of their sections, in the order in which the sections first appear. */
export function sectionsOf(choices: ListChoice[]): ListMenu["sections"] {
  const sections = new Map<string, ListMenu["sections"][number]>();
  choices.forEach((choice, index) => {
    const title = choice.section.trim();
    const section = sections.get(title) ?? { title, rows: [] };
    section.rows.push({
      id: choiceId(index),
      title: choice.title.trim(),
      description: choice.description.trim(),
    });
    sections.set(title, section);
  });
  return [...sections.values()];
}

/** Whether every choice says something of its own, as WhatsApp asks. */
export function areDistinct(titles: string[]): boolean {
  const given = titles.map((title) => title.trim()).filter(Boolean);
  return new Set(given).size === given.length;
}
