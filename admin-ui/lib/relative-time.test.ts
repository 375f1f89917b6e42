import { describe, expect, it } from "vitest";

import { dayHeading, duration, relativeTime } from "@/lib/relative-time";

const now = Date.parse("2026-03-11T08:30:00.000Z");

describe("relativeTime", () => {
  it.each([
    ["2026-03-11T08:29:30.000Z", "now"],
    ["2026-03-11T08:31:00.000Z", "now"],
    ["2026-03-11T08:25:00.000Z", "5 min"],
    ["2026-03-11T07:30:00.000Z", "1 h"],
    ["2026-03-10T22:50:00.000Z", "Yesterday"],
    ["2026-03-09T08:30:00.000Z", "9 Mar"],
    ["2025-12-24T08:30:00.000Z", "24 Dec 2025"],
  ])("%s is %s", (iso, words) => {
    expect(relativeTime(iso, now)).toBe(words);
  });
});

describe("dayHeading", () => {
  it.each([
    ["2026-03-10T23:30:00.000Z", /^Today$/],
    ["2026-03-10T12:00:00.000Z", /^Yesterday$/],
    ["2026-03-02T12:00:00.000Z", /^Monday,? 2 March$/],
    ["2025-12-24T12:00:00.000Z", /^Wednesday,? 24 December 2025$/],
  ])("%s is %s for a reader in Lagos", (iso, words) => {
    expect(dayHeading(iso, now)).toMatch(words);
  });
});

describe("duration", () => {
  it.each([
    [-5, "0 min"],
    [59 * 60_000, "59 min"],
    [2 * 3_600_000, "2 h"],
    [23 * 3_600_000 + 59 * 60_000, "23 h 59 min"],
    [49 * 3_600_000, "2 days"],
  ])("%d ms is %s", (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});
