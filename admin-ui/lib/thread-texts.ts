import { count } from "@/lib/texts";

/** The words of an opened thread. */
export const threadTexts = {
  label: (name: string) => `Conversation with ${name}`,
  bot: "Bot",
  choices: "Choices",
  quoted: "In reply to",
  quotedMissing: "A message outside this thread",
  toEnd: "Newest",
  newMessages: "New messages",
  unseen: (n: number) => count(n, "new message", "new messages"),
  newBelow: (n: number) => `${count(n, "new message", "new messages")} below.`,
  earlier: "Show earlier messages",
  newFrom: (name: string, text: string) => `${name}: ${text}`,
  empty: "No messages yet.",
  unknownHint: "It may have been sent. It is not sent again by itself, so that nothing arrives twice.",
};
