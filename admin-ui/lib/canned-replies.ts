import type { CannedReply } from "@/lib/models";

/** What stands before the caret from a slash on, and where that slash is. */
export interface SlashWords {
  from: number;
  words: string;
}

const SLASH = /(?:^|\s)\/([^\s/]*)$/u;
const BLANK = /([^\S\n]*)\{\{\s*([^{}]*?)\s*\}\}/g;

/** The beginning of a canned reply's shortcut: a slash that begins a line or a word. An address or a date has none. */
export function slashWords(text: string, caret: number): SlashWords | null {
  const found = SLASH.exec(text.slice(0, caret));
  return found && { from: caret - (found[1] ?? "").length - 1, words: found[1] ?? "" };
}

/** Those whose shortcut begins with the words first, then those with a word of the title that does, then the rest. */
export function matchingReplies(replies: readonly CannedReply[], words: string): CannedReply[] {
  const wanted = words.toLowerCase();
  const rank = ({ shortcut, title }: CannedReply) => {
    const name = title.toLowerCase();
    if (shortcut.startsWith(wanted)) return 0;
    if (name.split(/\s+/).some((word) => word.startsWith(wanted))) return 1;
    return shortcut.includes(wanted) || name.includes(wanted) ? 2 : 3;
  };
  return replies
    .map((reply) => ({ reply, rank: rank(reply) }))
    .filter((each) => each.rank < 3)
    .sort((a, b) => a.rank - b.rank)
    .map(({ reply }) => reply);
}

/** The text with its variables filled in. One that nobody knows leaves with the blank before it: “Hello, …”. */
export function filledIn(text: string, values: Record<string, string>): string {
  return text
    .replace(BLANK, (_all, before: string, name: string) => (values[name] ? before + values[name] : ""))
    .replace(/^[^\S\n]+/, "");
}

/** The name to greet somebody with; none of what only stands in for a name, such as a number. */
export function firstName(name: string): string {
  return /^[\p{L}\p{M}.'’-]+/u.exec(name.trim())?.[0] ?? "";
}
