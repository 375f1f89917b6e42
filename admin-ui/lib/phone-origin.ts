/** Where a message came from, beside the customer's own hand. */
export type Origin = "own" | "once" | "often" | "ad";

export function originOf(origin: Origin) {
  return {
    forwarded: origin === "once" || origin === "often" ? origin : null,
    from_ad: origin === "ad",
  };
}
