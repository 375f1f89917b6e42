import type { PhoneChange, PhoneState, PhoneThread } from "@/lib/phone-client";

export const PHONE_KEY = ["phone"] as const;

/** The state after one change of the stream. A message that is known already is replaced, as its ticks change. */
export function applyChange(state: PhoneState, { customer, message }: PhoneChange): PhoneState {
  if (!customer) return state;
  const known = state.threads.find((thread) => thread.customer.id === customer.id);
  const messages = known?.messages ?? [];
  const changed: PhoneThread = { customer, messages };
  if (message) {
    const isKnown = messages.some(({ id }) => id === message.id);
    changed.messages = isKnown
      ? messages.map((old) => (old.id === message.id ? message : old))
      : [...messages, message];
  }
  const threads = known
    ? state.threads.map((thread) => (thread === known ? changed : thread))
    : [...state.threads, changed];
  return { ...state, threads };
}

/** What has reached the phone: a message that failed on its way, or has only just set out, has not. */
export function visibleMessages({ messages }: PhoneThread): PhoneThread["messages"] {
  return messages.filter(
    ({ author, status }) => author === "customer" || (status !== "failed" && status !== "accepted"),
  );
}
