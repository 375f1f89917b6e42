import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";

import type { PresenceSign } from "@/lib/models";
import { PresenceSigns } from "@/lib/presence-signs";

let given: PresenceSign[];
let answer: () => void;
let signs: PresenceSigns;
const last = () => given.at(-1);
const settle = () => vi.advanceTimersByTimeAsync(0);

beforeEach(() => {
  vi.useFakeTimers();
  given = [];
  answer = () => undefined;
  signs = new PresenceSigns((sign) => {
    given.push(sign);
    return Promise.resolve();
  });
});
afterEach(() => void vi.useRealTimers());

describe("PresenceSigns", () => {
  it("says which ticket is looked at, and that it is no more", async () => {
    signs.show(7);
    await settle();
    signs.show(null);
    await settle();
    await signs.leave();
    expect(given.map(({ ticket_id, gone }) => [ticket_id, gone])).toEqual([
      [7, false],
      [null, false],
      [null, true],
    ]);
    expect(new Set(given.map(({ tab }) => tab)).size).toBe(1);
  });

  it("says now and then that somebody writes, and after a pause that they do not", async () => {
    signs.show(7);
    await settle();
    for (let keys = 0; keys < 50; keys += 1) {
      signs.write();
      await vi.advanceTimersByTimeAsync(100);
    }
    expect(given.filter(({ typing }) => typing)).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(6_000);
    expect(last()).toMatchObject({ ticket_id: 7, typing: false });
    expect(given).toHaveLength(4);
  });

  it("takes the writing back at once when the answer is sent, and with another ticket", async () => {
    signs.show(7);
    signs.write();
    await settle();
    signs.rest();
    await settle();
    expect(last()).toMatchObject({ ticket_id: 7, typing: false });
    signs.write();
    await settle();
    expect(last()).toMatchObject({ ticket_id: 7, typing: true });
    signs.show(8);
    await settle();
    expect(last()).toMatchObject({ ticket_id: 8, typing: false });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(last()).toMatchObject({ ticket_id: 8, typing: false });
  });

  it("gives one sign at a time on a slow line, and then the newest alone", async () => {
    signs = new PresenceSigns((sign) => {
      given.push(sign);
      return new Promise<void>((resolve) => (answer = resolve));
    });
    signs.show(1);
    signs.show(2);
    signs.show(3);
    expect(given.map(({ ticket_id }) => ticket_id)).toEqual([1]);
    answer();
    await settle();
    expect(given.map(({ ticket_id }) => ticket_id)).toEqual([1, 3]);
  });

  it("goes on after a sign that did not get through", async () => {
    signs = new PresenceSigns((sign) => {
      given.push(sign);
      return Promise.reject(new Error("the line was cut"));
    });
    signs.show(1);
    await settle();
    signs.show(2);
    await settle();
    expect(given.map(({ ticket_id }) => ticket_id)).toEqual([1, 2]);
  });
});
