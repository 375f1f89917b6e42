import { texts } from "@/lib/texts";

/** The languages of the desk's customers first, as codes of BCP 47. */
export const LANGUAGES = ["en", "pcm", "ha", "yo", "ig", "fr", "ar", "sw", "pt", "es", "de", "zh"];

export function languageName(code: string): string {
  return new Intl.DisplayNames(texts.locale, { type: "language" }).of(code) ?? code;
}

/** The time on a customer's wall, with the weekday where it is not the reader's own. */
export function localTime(zone: string, now: number): string {
  const at = new Date(now);
  const weekday = (timeZone?: string) => at.toLocaleDateString(texts.locale, { weekday: "short", timeZone });
  const time = at.toLocaleTimeString(texts.locale, { hour: "2-digit", minute: "2-digit", timeZone: zone });
  return weekday(zone) === weekday() ? time : `${weekday(zone)} ${time}`;
}

/** "America/Port_of_Spain" as a person reads it. */
export function zoneName(zone: string): string {
  return zone.replaceAll("_", " ");
}
