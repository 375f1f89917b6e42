/** WhatsApp's limits in Unicode code points: for a text, and for the words under a file. */
const LIMITS = { text: 4096, caption: 1024 };

const SHOW_WITHIN = 200;

/** Characters that still fit; negative when there are too many. An emoji of one code point counts as one. */
export function charactersLeft(text: string, as: keyof typeof LIMITS = "text"): number {
  return LIMITS[as] - Array.from(text).length;
}

export function isNearLimit(left: number): boolean {
  return left <= SHOW_WITHIN;
}
