import { texts } from "@/lib/texts";

const KB = 1000;

/** A file's size as a person reads it: "512 B", "84 kB", "3.2 MB". */
export function readableSize(bytes: number): string {
  if (bytes < KB) return `${bytes} B`;
  if (bytes < KB * KB) return `${Math.round(bytes / KB)} kB`;
  return `${(bytes / KB / KB).toLocaleString(texts.locale, { maximumFractionDigits: 1 })} MB`;
}

/** A clip's length: "0:07", "12:30", "1:02:03". */
export function clipLength(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** An amount with its currency; a code that the browser does not know is written out before it. */
export function money(amount: number, currency: string): string {
  try {
    return amount.toLocaleString(texts.locale, {
      style: "currency",
      currency,
      currencyDisplay: "narrowSymbol",
    });
  } catch {
    return `${currency} ${amount.toLocaleString(texts.locale)}`;
  }
}
