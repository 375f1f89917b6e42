import { texts } from "@/lib/texts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const dayOf = (at: Date) => new Date(at.getFullYear(), at.getMonth(), at.getDate()).getTime();

/** Whole calendar days between two moments in the reader's time zone. */
function daysApart(earlier: Date, later: Date): number {
  return Math.round((dayOf(later) - dayOf(earlier)) / DAY);
}

/** How long ago, short enough for a list: "now", "5 min", "3 h", "Yesterday", "12 Mar", "12 Mar 2024". */
export function relativeTime(iso: string, now: number): string {
  const at = new Date(iso);
  const passed = now - at.getTime();
  if (passed < MINUTE) return texts.time.now;
  if (passed < HOUR) return texts.time.minutes(Math.floor(passed / MINUTE));
  const days = daysApart(at, new Date(now));
  if (days === 0) return texts.time.hours(Math.floor(passed / HOUR));
  if (days === 1) return texts.time.yesterday;
  return shortDate(at, now);
}

/** The length of a span, in its two largest units at most: "4 min", "3 h 20 min", "2 days". */
export function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / MINUTE));
  if (minutes < 60) return texts.time.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  if (hours >= 48) return texts.time.days(Math.floor(hours / 24));
  return minutes % 60 === 0 ? texts.time.hours(hours) : texts.time.hoursMinutes(hours, minutes % 60);
}

/** The heading above a day's messages. */
export function dayHeading(iso: string, now: number): string {
  const at = new Date(iso);
  const days = daysApart(at, new Date(now));
  if (days === 0) return texts.thread.today;
  if (days === 1) return texts.thread.yesterday;
  const year = at.getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return at.toLocaleDateString(texts.locale, { weekday: "long", day: "numeric", month: "long", year });
}

/** A day of a calendar, which has no zone: it is read, and told, as if it were in UTC. */
export function calendarDay(day: string, form: Intl.DateTimeFormatOptions): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString(texts.locale, { ...form, timeZone: "UTC" });
}

export function clockTime(iso: string): string {
  return new Date(iso).toLocaleTimeString(texts.locale, { hour: "2-digit", minute: "2-digit" });
}

export function fullTime(iso: string): string {
  return new Date(iso).toLocaleString(texts.locale, { dateStyle: "medium", timeStyle: "short" });
}

function shortDate(at: Date, now: number): string {
  const year = at.getFullYear() === new Date(now).getFullYear() ? undefined : "numeric";
  return at.toLocaleDateString(texts.locale, { day: "numeric", month: "short", year });
}
