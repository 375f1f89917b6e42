import { describe, expect, it } from "vitest";

import type { Misbehaviour } from "@/lib/phone-client";
import { fromForm, GOOD_BEHAVIOUR, isMisbehaving, toForm } from "@/lib/phone-misbehaviour";

const { sends, webhooks, media } = GOOD_BEHAVIOUR;
const cases: [string, Misbehaviour][] = [
  ["a lost answer", { sends: { ...sends, drop_answer: true, times: 1 }, webhooks, media }],
  ["an error code", { sends: { ...sends, error_code: 190 }, webhooks, media }],
  ["a silent server", { sends: { ...sends, http_status: 503 }, webhooks, media }],
  ["a late answer", { sends: { ...sends, delay_ms: 1500 }, webhooks, media }],
  ["duplicates", { sends, media, webhooks: { ...webhooks, duplicates: 2 } }],
  ["another order", { sends, media, webhooks: { ...webhooks, reorder: 4 } }],
  ["late webhooks", { sends, media, webhooks: { ...webhooks, delay_ms: 2000 } }],
  ["cut files", { sends, webhooks, media: { ...media, problem: "truncated", times: 3 } }],
  ["slow files", { sends, webhooks, media: { ...media, delay_ms: 4000 } }],
  ["held webhooks", { sends, media, webhooks: { ...webhooks, hold: true } }],
];

describe.each(cases)("%s", (_name, misbehaviour) => {
  it("survives the drawer's fields", () => expect(fromForm(toForm(misbehaviour))).toEqual(misbehaviour));
  it("counts as misbehaving", () => expect(isMisbehaving(misbehaviour)).toBe(true));
});

it("knows good behaviour", () => {
  expect(isMisbehaving(GOOD_BEHAVIOUR)).toBe(false);
  expect(fromForm(toForm(GOOD_BEHAVIOUR))).toEqual(GOOD_BEHAVIOUR);
});

it("takes nonsense in a field for nothing", () => {
  const form = { ...toForm(GOOD_BEHAVIOUR), delay: "", duplicates: "-3", reorder: "x" };
  expect(fromForm(form)).toEqual(GOOD_BEHAVIOUR);
});
