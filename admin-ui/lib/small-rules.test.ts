import { describe, expect, it } from "vitest";

import { newClientId } from "@/lib/client-id";
import { tickFor } from "@/lib/delivery";
import { choicesOf } from "@/lib/interactive";
import { charactersLeft, isNearLimit } from "@/lib/message-length";
import { readableNumber } from "@/lib/phone-number";
import { returnAddress } from "@/lib/return-address";
import { aMessage } from "@/lib/test-rows";
import { readTicketAddress } from "@/lib/ticket-address";

describe("ticks", () => {
  it("climb from the clock to the blue double tick", () => {
    const climb = (["queued", "sending", "sent", "delivered", "read"] as const).map(tickFor);
    expect(climb).toEqual(["clock", "clock", "single", "double", "double-read"]);
    expect([tickFor("failed"), tickFor("unknown")]).toEqual(["failed", "unknown"]);
  });
});

describe("the length of a message", () => {
  it("counts code points and not UTF-16 units", () => {
    expect(charactersLeft("")).toBe(4096);
    expect(charactersLeft("😟".repeat(4096))).toBe(0);
    expect(charactersLeft("a".repeat(4097))).toBe(-1);
  });

  it("is worth a word near the limit", () => {
    expect([isNearLimit(201), isNearLimit(200), isNearLimit(-1)]).toEqual([false, true, true]);
  });
});

describe("newClientId", () => {
  const version4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

  it("is a version 4 UUID, also where the browser offers none", () => {
    const plainHttp = { getRandomValues: crypto.getRandomValues.bind(crypto) };
    expect(newClientId()).toMatch(version4);
    expect(newClientId(plainHttp)).toMatch(version4);
    expect(newClientId(plainHttp)).not.toBe(newClientId(plainHttp));
  });
});

describe("readableNumber", () => {
  it.each([
    ["2348031234567", "+234 803 123 4567"],
    ["15551234567", "+1 555 123 4567"],
    ["4915112345678", "+49 151 1234 5678"],
    ["447911123456", "+44 791 112 3456"],
    ["233201234567", "+233 20 123 4567"],
  ])("%s reads %s", (digits, readable) => {
    expect(readableNumber(digits)).toBe(readable);
    expect(readable.replace(/\D/g, "")).toBe(digits);
  });
});

describe("returnAddress", () => {
  it("goes back to a page of this desk and nowhere else", () => {
    expect(returnAddress("/support-tickets/?ticket=12")).toBe("/support-tickets/?ticket=12");
    for (const foreign of [
      "//evil.example",
      "/\t/evil.example",
      "/\\evil.example",
      "https://evil.example",
      "",
      undefined,
      "/login/",
    ]) {
      expect(returnAddress(foreign)).toBe("/dashboard/");
    }
  });
});

describe("readTicketAddress", () => {
  it("takes what it knows and falls back to the open tickets", () => {
    expect(readTicketAddress({ queue: "mine", ticket: "12" })).toEqual({ queue: "mine", ticketId: 12 });
    const closed = { queue: "closed", status: "CLOSED" };
    expect(readTicketAddress(closed)).toEqual(closed);
    for (const ticket of ["x", "-1", "1.5", "0", undefined]) {
      expect(readTicketAddress({ queue: "nonsense", status: "?", ticket })).toEqual({ queue: "open" });
    }
    expect(readTicketAddress({ opened: "2026-02-28" })).toEqual({ queue: "open", opened: "2026-02-28" });
    for (const opened of ["", "today", "2026-2-28", "2026-02-30", "0026-02-28"]) {
      expect(readTicketAddress({ opened })).toEqual({ queue: "open" });
    }
  });
});

describe("choicesOf", () => {
  it("names the buttons and rows of a menu in order", () => {
    const buttons = { type: "button", action: { buttons: [{ reply: { id: "a", title: "Yes" } }] } };
    const list = {
      type: "list",
      action: { button: "Menu", sections: [{ rows: [{ title: "One" }, { title: "Two" }] }, { rows: [] }] },
    };
    expect(choicesOf(aMessage({ payload: { interactive: buttons } }))).toEqual(["Yes"]);
    expect(choicesOf(aMessage({ payload: { interactive: list } }))).toEqual(["One", "Two"]);
    expect(choicesOf(aMessage({ payload: { interactive: { type: "list_reply" } } }))).toEqual([]);
    expect(choicesOf(aMessage())).toEqual([]);
  });
});
