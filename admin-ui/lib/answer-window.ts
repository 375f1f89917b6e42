/** WhatsApp's customer service window, as the desk sees it. */
export type AnswerWindow =
  { state: "none" } | { state: "open" | "closing"; left: number } | { state: "closed" };

/** From here on a window is about to close. */
const CLOSING_MS = 2 * 3_600_000;

/** `expiresAt` is null for a customer who never wrote: of these WhatsApp itself decides. */
export function answerWindow(expiresAt: string | null, now: number): AnswerWindow {
  if (expiresAt === null) return { state: "none" };
  const left = Date.parse(expiresAt) - now;
  if (left <= 0) return { state: "closed" };
  return { state: left < CLOSING_MS ? "closing" : "open", left };
}
