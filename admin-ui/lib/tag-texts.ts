import type { TagColour } from "@/lib/models";
import { texts } from "@/lib/texts";

export const tagTexts = {
  title: texts.shell.tags,
  lead: "Words that you put on tickets to find them again.",
  onTicket: "Tags",
  add: "Add a tag",
  placeholder: "Tag…",
  make: (name: string) => `Make the tag “${name}”`,
  remove: (name: string) => `Remove the tag ${name}`,
  create: "New tag",
  edit: (name: string) => `Change the tag ${name}`,
  name: "Name",
  colour: "Colour",
  colours: {
    gray: "Gray",
    red: "Red",
    orange: "Orange",
    yellow: "Yellow",
    green: "Green",
    teal: "Teal",
    blue: "Blue",
    violet: "Violet",
    pink: "Pink",
  } satisfies Record<TagColour, string>,
  save: "Save",
  tickets: (n: number) => (n === 1 ? "1 ticket" : `${n.toLocaleString("en-GB")} tickets`),
  merge: "Merge into another tag",
  mergeInto: "Its tickets get this tag instead",
  mergeNow: "Merge",
  delete: "Delete the tag",
  deleteSure: (name: string, n: number) =>
    `“${name}” comes off ${n === 1 ? "1 ticket" : `${n.toLocaleString("en-GB")} tickets`} and is gone.`,
  deleteNow: "Delete it",
  keep: "Keep it",
  empty: "There are no tags yet. Make the first one: “Refund”, say, or “Late delivery”.",
  onlyManagers: "Admins and owners change tags; everybody can make one.",
};
