import { count } from "@/lib/list-texts";
import { texts } from "@/lib/texts";

/** The words of what is done to many tickets at once. */
export const bulkTexts = {
  label: "Change the selected tickets",
  selected: (n: number) => `${n.toLocaleString(texts.locale)} selected`,
  selectLoaded: (n: number) => `Select all ${n.toLocaleString(texts.locale)} loaded`,
  clearSelection: "Clear the selection",
  status: "Set the status",
  assign: "Assign",
  tag: "Add a tag",
  done: (n: number) => `${count(n, "ticket", "tickets")} changed.`,
  refused: (n: number) => `${count(n, "ticket", "tickets")} not:`,
  others: (n: number) => `and ${n} more`,
};
