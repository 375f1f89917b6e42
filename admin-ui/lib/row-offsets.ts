import type { Ticket } from "@/lib/models";

const ROW_REM = 6.375;
const TAGS_REM = 1.625;

/** Where each row of the list begins, in pixels, and at last where the list ends. The heights are those of the rows' style. */
export function rowOffsets(tickets: readonly Pick<Ticket, "tag_ids">[]): Float64Array {
  const rem =
    typeof document === "undefined"
      ? 16
      : parseFloat(getComputedStyle(document.documentElement).fontSize) || 16;
  const offsets = new Float64Array(tickets.length + 1);
  tickets.forEach((ticket, index) => {
    const height = (ROW_REM + (ticket.tag_ids.length ? TAGS_REM : 0)) * rem;
    offsets[index + 1] = (offsets[index] ?? 0) + Math.round(height);
  });
  return offsets;
}

/**
 * By how much a list must be scrolled so that what was in sight stays where it was: the middle one of the ways of
 * the rows that were, since one of them may be what moved.
 */
export function shiftOf(
  seen: ReadonlyMap<number, number>,
  tickets: readonly Pick<Ticket, "id">[],
  offsets: Float64Array,
): number {
  const ways: number[] = [];
  for (const [index, ticket] of tickets.entries()) {
    const before = seen.get(ticket.id);
    if (before !== undefined) ways.push((offsets[index] ?? 0) - before);
    if (ways.length === seen.size) break;
  }
  return ways.sort((a, b) => a - b)[ways.length >> 1] ?? 0;
}
