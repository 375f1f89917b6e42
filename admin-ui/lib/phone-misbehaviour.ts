import type { Misbehaviour } from "@/lib/phone-client";

export type FileProblem = "none" | NonNullable<Misbehaviour["media"]["problem"]>;
export type Outcome = "none" | "drop" | "code" | "server";

/** What the fields of the drawer hold; numbers as they are typed, delays in seconds. */
export interface MisbehaviourForm {
  outcome: Outcome;
  code: string;
  delay: string;
  times: string;
  duplicates: string;
  reorder: string;
  webhookDelay: string;
  hold: boolean;
  fileProblem: FileProblem;
  fileDelay: string;
  fileTimes: string;
}

/** The refusals that a desk meets in practice; the simulator knows the others too. */
export const SEND_ERRORS = [
  ["131047", "24-hour window closed"],
  ["131026", "Not on WhatsApp"],
  ["131056", "Too fast for this customer"],
  ["130429", "Too fast altogether"],
  ["131000", "Something went wrong"],
  ["131016", "Service unavailable"],
  ["190", "Access token expired"],
  ["131042", "Payment problem"],
  ["368", "Blocked for a policy violation"],
] as const;

export const GOOD_BEHAVIOUR: Misbehaviour = {
  sends: { times: null, delay_ms: 0, drop_answer: false, error_code: null, http_status: null },
  webhooks: { duplicates: 0, reorder: 0, delay_ms: 0, hold: false },
  media: { times: null, delay_ms: 0, problem: null },
};

export function isMisbehaving({ sends, webhooks, media }: Misbehaviour): boolean {
  const { duplicates, reorder, delay_ms, hold } = webhooks;
  const sendsFail = sends.drop_answer || sends.error_code != null || sends.http_status != null;
  const filesFail = media.problem != null || media.delay_ms > 0;
  return (
    filesFail || sendsFail || sends.delay_ms > 0 || duplicates > 0 || reorder > 1 || delay_ms > 0 || hold
  );
}

export function toForm({ sends, webhooks, media }: Misbehaviour): MisbehaviourForm {
  let outcome: Outcome = "none";
  if (sends.http_status) outcome = "server";
  else if (sends.error_code != null) outcome = "code";
  else if (sends.drop_answer) outcome = "drop";
  return {
    outcome,
    code: String(sends.error_code ?? SEND_ERRORS[0][0]),
    delay: String(sends.delay_ms / 1000),
    times: String(sends.times ?? ""),
    duplicates: String(webhooks.duplicates),
    reorder: String(webhooks.reorder),
    webhookDelay: String(webhooks.delay_ms / 1000),
    hold: webhooks.hold,
    fileProblem: media.problem ?? "none",
    fileDelay: String(media.delay_ms / 1000),
    fileTimes: String(media.times ?? ""),
  };
}

export function fromForm(form: MisbehaviourForm): Misbehaviour {
  const whole = (text: string) => Math.max(0, Math.round(Number(text) || 0));
  const milliseconds = (text: string) => whole(String(Number(text) * 1000));
  return {
    sends: {
      times: whole(form.times) || null,
      delay_ms: milliseconds(form.delay),
      drop_answer: form.outcome === "drop",
      error_code: form.outcome === "code" ? Number(form.code) : null,
      http_status: form.outcome === "server" ? 503 : null,
    },
    webhooks: {
      duplicates: whole(form.duplicates),
      reorder: whole(form.reorder),
      delay_ms: milliseconds(form.webhookDelay),
      hold: form.hold,
    },
    media: {
      times: whole(form.fileTimes) || null,
      delay_ms: milliseconds(form.fileDelay),
      problem: form.fileProblem === "none" ? null : form.fileProblem,
    },
  };
}
