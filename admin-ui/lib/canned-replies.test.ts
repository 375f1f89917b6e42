import { describe, expect, it } from "vitest";

import { filledIn, firstName, matchingReplies, slashWords } from "@/lib/canned-replies";
import type { CannedReply } from "@/lib/models";

const reply = (id: number, shortcut: string, title: string): CannedReply => ({
  id,
  shortcut,
  title,
  text: title,
  version: 1,
  updated_at: "2026-03-01T08:00:00.000Z",
});

describe("slashWords", () => {
  it.each([
    ["/", { from: 0, words: "" }],
    ["/hel", { from: 0, words: "hel" }],
    ["Good day\n/hel", { from: 9, words: "hel" }],
    ["Good day /òwò", { from: 9, words: "òwò" }],
  ])("begins in %j", (text, found) => expect(slashWords(text, text.length)).toEqual(found));

  it.each(["", "and/or", "https://", "//", "1/2", "/hello there", "/a/b"])("does not begin in %j", (text) =>
    expect(slashWords(text, text.length)).toBeNull(),
  );

  it("looks at what stands before the caret alone", () => {
    expect(slashWords("/hello world", 4)).toEqual({ from: 0, words: "hel" });
    expect(slashWords("world /hello", 3)).toBeNull();
  });
});

describe("matchingReplies", () => {
  const all = [
    reply(1, "address", "Where the shop is"),
    reply(2, "refund", "Money back"),
    reply(3, "shop", "Opening hours"),
    reply(4, "wholesale-shops", "For dealers"),
  ];
  it("looks in shortcuts and titles, the nearest first", () => {
    expect(matchingReplies(all, "SHOP").map(({ id }) => id)).toEqual([3, 1, 4]);
    expect(matchingReplies(all, "mon").map(({ id }) => id)).toEqual([2]);
    expect(matchingReplies(all, "")).toEqual(all);
    expect(matchingReplies(all, "zzz")).toEqual([]);
  });
});

describe("filledIn", () => {
  it("puts values into their places, blanks inside the braces or not", () => {
    const values = { "contact.first_name": "Amaka", "ticket.id": "7" };
    expect(filledIn("Dear {{ contact.first_name }}, #{{ticket.id}}", values)).toBe("Dear Amaka, #7");
  });
  it("leaves no hole for what nobody knows, and keeps the lines", () => {
    expect(filledIn("Hello {{contact.first_name}},\nthanks", {})).toBe("Hello,\nthanks");
    expect(filledIn("Thanks\n{{contact.name}}\nBye", { "contact.name": "" })).toBe("Thanks\n\nBye");
    expect(filledIn("{{contact.first_name}} hello", {})).toBe("hello");
  });
  it("fills a value in as it is, whatever it looks like", () => {
    expect(filledIn("{{contact.name}}", { "contact.name": "$& {{ticket.id}}" })).toBe("$& {{ticket.id}}");
  });
});

describe("firstName", () => {
  it.each([
    ["Amaka Obi", "Amaka"],
    ["  Olúwaṣeun  A.", "Olúwaṣeun"],
    ["+2348031234567", ""],
    ["@amaka", ""],
    ["", ""],
  ])("of %j is %j", (name, first) => expect(firstName(name)).toBe(first));
});
