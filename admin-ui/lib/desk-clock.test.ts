import { beforeEach, expect, it, vi } from "vitest";

import { deskClock } from "@/lib/desk-clock";

const DESK = Date.parse("2026-03-01T12:00:00Z");
const HOUR = 3_600_000;
const told = new Date(DESK).toUTCString();

beforeEach(() => {
  vi.useFakeTimers({ now: DESK });
  deskClock.learn(told, DESK);
  return () => vi.useRealTimers();
});

it.each([-26, -1, 3, 26])("tells the desk's time on a device whose clock is %d hours off", (hours) => {
  vi.setSystemTime(DESK + hours * HOUR);
  deskClock.learn(told, Date.now() - 2_000);
  expect(deskClock.now()).toBe(DESK);
  vi.advanceTimersByTime(HOUR);
  expect(deskClock.now()).toBe(DESK + HOUR);
});

it("leaves a clock alone that is right but for what a slow line takes", () => {
  vi.setSystemTime(DESK + 20_000);
  deskClock.learn(told, DESK);
  expect(deskClock.now()).toBe(DESK + 20_000);
});

it("learns nothing from an answer that waited in a phone that slept, nor from one without a date", () => {
  vi.setSystemTime(DESK + HOUR);
  deskClock.learn(told, DESK);
  deskClock.learn(null, Date.now());
  expect(deskClock.now()).toBe(DESK + HOUR);
});

it("follows a clock that is set right", () => {
  vi.setSystemTime(DESK + 3 * HOUR);
  deskClock.learn(told, Date.now());
  vi.setSystemTime(DESK + 60_000);
  deskClock.learn(new Date(DESK + 60_000).toUTCString(), Date.now());
  expect(deskClock.now()).toBe(DESK + 60_000);
});
