import { texts } from "@/lib/texts";

/** The words about canned replies. */
export const cannedTexts = {
  title: texts.shell.cannedReplies,
  lead: "Answers that you give often. In an answer, type / and a part of the name.",
  onlyManagers: "Type / in an answer to use one. Everybody can add one; admins and owners change them.",
  empty:
    "There are no canned replies yet. Add the first one: “/hello”, say, with “Hello {{contact.first_name}}”.",
  create: "New canned reply",
  edit: (shortcut: string) => `Change /${shortcut}`,
  shortcut: "Shortcut",
  shortcutHint: "What is typed after the slash",
  name: "Title",
  text: "Text",
  insert: "Put a variable in:",
  variables: {
    "contact.first_name": "Customer’s first name",
    "contact.name": "Customer’s name",
    "agent.name": "Your name",
    "ticket.id": "Ticket number",
    "business.name": "Business",
  } as Record<string, string>,
  preview: "What the customer will read, for example",
  exampleName: "Amaka Obi",
  exampleTicket: "1024",
  asItIs: "A colleague changed it meanwhile. As it is now:",
  save: "Save",
  delete: "Delete",
  deleteSure: (shortcut: string) => `/${shortcut} is gone for everybody. What was sent with it stays.`,
  deleteNow: "Delete it",
  keep: "Keep it",
  search: "Search canned replies",
  noMatch: "No canned reply fits.",
  list: "Canned replies that fit",
  found: (n: number) =>
    n === 1
      ? "1 canned reply fits; Enter puts it in."
      : `${n} canned replies fit; arrows choose, Enter puts one in.`,
  manage: "All canned replies",
};
