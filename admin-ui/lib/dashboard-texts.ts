import type { SelfTest } from "@/lib/models";

type Check = SelfTest["checks"][number];

/** The words of the dashboard's numbers, of the first day and of the self-test. */
export const dashboardTexts = {
  waiting: "Waiting now",
  waitingCount: (n: number) => (n === 1 ? "1 customer waits" : `${n} customers wait`),
  nobodyWaits: "Nobody waits.",
  longest: "Longest",
  median: "Half wait longer than",
  online: "Online",
  onlineNobody: "Nobody but programs.",
  you: (name: string) => `${name} (you)`,
  week: "Last seven days",
  opened: "Opened",
  resolved: "Resolved or closed",
  day: "Day",
  chart: (opened: number, resolved: number) =>
    `In the last seven days ${opened} tickets were opened and ${resolved} resolved or closed.`,
  openedOn: (day: string, n: number) => `${day}: ${n === 1 ? "1 ticket" : `${n} tickets`} opened`,
  asTable: "Show as a table",

  firstTitle: "Welcome. Three steps and the desk is at work.",
  steps: {
    phone: "Try it",
    phoneSimulated:
      "Open the practice phone in a second tab and write “Chat Support”. A ticket opens here; answer it, and the answer is on the phone.",
    phoneReal: "Write “Chat Support” to your number from your own phone. A ticket opens here; answer it.",
    phoneButton: "Open the practice phone",
    colleague: "Invite a colleague",
    colleagueWords: "Everybody signs in with an account of their own, so that you see who answers whom.",
    colleagueButton: "Invite a colleague",
    connect: "Connect your number",
    connectWords: "The self-test says in words what Meta still lacks, and what to do about it.",
    connectButton: "Test the connection",
  },
  samples: "Or look around first:",
  addSamples: "Fill the desk with samples",
  samplesHere: "Sample customers are in the desk. Nothing you write to them is sent.",
  clearSamples: "Remove the samples",

  selfTest: "Connection to WhatsApp",
  selfTestLead: "What the desk and Meta need of each other, part by part.",
  testNow: "Test now",
  testing: "WhatsApp is being asked. What it says appears here by itself.",
  tested: (when: string) => `WhatsApp was asked ${when}`,
  untested: "WhatsApp has not been asked yet. What the desk knows by itself:",
  parts: {
    token: "Access token",
    number: "Number",
    address: "Address of the desk",
    subscription: "Subscription",
    webhook: "Deliveries",
    secret: "App secret",
    templates: "Templates",
  } as Record<string, string>,
  states: { ok: "Good", problem: "To be done", waiting: "Not yet" } satisfies Record<Check["state"], string>,
};
