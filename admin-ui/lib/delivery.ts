import type { DeliveryState } from "@/lib/models";

/** How a delivery state is drawn. The shapes are those that WhatsApp taught everybody. */
export type Tick = "clock" | "single" | "double" | "double-read" | "failed" | "unknown";

const TICKS: Record<DeliveryState, Tick> = {
  queued: "clock",
  sending: "clock",
  unknown: "unknown",
  sent: "single",
  delivered: "double",
  read: "double-read",
  failed: "failed",
};

export function tickFor(state: DeliveryState): Tick {
  return TICKS[state];
}
