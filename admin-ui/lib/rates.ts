import type { DeskSettings } from "@/lib/models";

type Rate = DeskSettings["rates"][number];

/** A row of the rate table as it is typed. */
export interface RateDraft {
  category: string;
  type: string;
  rate: string;
}

export function draftsOf(rates: Rate[]): RateDraft[] {
  return rates.map(({ category, type, rate }) => ({ category, type, rate: String(rate) }));
}

/** Meta's words are in small letters; a decimal comma is meant as a point. */
export function ratesOf(drafts: RateDraft[]): Rate[] {
  const word = (text: string) => text.trim().toLowerCase();
  return drafts.map(({ category, type, rate }) => ({
    category: word(category),
    type: word(type),
    rate: Number(rate.replace(",", ".")),
  }));
}
