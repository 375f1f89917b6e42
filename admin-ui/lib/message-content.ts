import type { Message } from "@/lib/models";

/** What a row's payload holds, as far as the thread shows it. Whatever else WhatsApp told is left alone. */
export interface Place {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

export interface ContactCard {
  name: string;
  phones: { phone: string }[];
  emails?: string[];
  org?: string;
}

/** WhatsApp may leave out any part of an item. */
export interface OrderItem {
  id: string;
  quantity: number | null;
  price: number | null;
  currency: string;
}

export interface Order {
  text?: string;
  items: OrderItem[];
}

interface Referral {
  headline?: string;
  body?: string;
  source_url?: string;
}

interface Payload {
  forwarded?: "once" | "often";
  referral?: Referral;
  product?: { product_retailer_id?: string };
  location?: Place;
  contacts?: ContactCard[];
  order?: Order;
  reply?: { name?: string; body?: string; values?: Record<string, unknown> };
}

const payloadOf = (message: Message) => (message.payload ?? {}) as Payload;

export const forwardedOf = (message: Message) => payloadOf(message).forwarded ?? null;
export const referralOf = (message: Message) => payloadOf(message).referral ?? null;
export const productOf = (message: Message) => payloadOf(message).product?.product_retailer_id ?? null;
export const placeOf = (message: Message) => payloadOf(message).location ?? null;
export const cardsOf = (message: Message) => payloadOf(message).contacts ?? [];
export const orderOf = (message: Message) => payloadOf(message).order ?? null;

/** What a customer filled in: a form's fields, an address, a permission. */
export function filledInOf(message: Message): [string, string][] {
  const values = payloadOf(message).reply?.values ?? {};
  return Object.entries(values).map(([name, value]) => [
    name.replaceAll("_", " "),
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ]);
}

/** The order's sum in each of its currencies; a catalogue has one, but nothing forbids two. */
export function totalsOf(order: Order): [string, number][] {
  const totals = new Map<string, number>();
  for (const item of order.items) {
    const price = priceOf(item);
    if (price !== null) totals.set(item.currency, (totals.get(item.currency) ?? 0) + price);
  }
  return [...totals];
}

/** What all pieces of an item cost, if WhatsApp told it. */
export function priceOf({ price, quantity }: OrderItem): number | null {
  return price === null ? null : price * (quantity ?? 1);
}

/** Where the place can be looked at; opened by a click alone, so that no map learns of a ticket by itself. */
export function mapAddress({ latitude, longitude }: Place): string {
  return `https://www.google.com/maps/search/?api=1&query=${latitude},${longitude}`;
}

/** An address that a customer's message brought, if it is one that a browser may open. */
export function webAddress(url: string | undefined): string | null {
  return url && /^https?:\/\//i.test(url) ? url : null;
}

const WITH_A_FILE: Message["kind"][] = ["image", "video", "audio", "voice", "document", "sticker"];

export const hasFile = (message: Message) => WITH_A_FILE.includes(message.kind);
