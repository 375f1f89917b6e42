import { describe, expect, it } from "vitest";

import { clipLength, money, readableSize } from "@/lib/amounts";
import { answerWindow } from "@/lib/answer-window";
import { areDistinct, buttonsOf, sectionsOf } from "@/lib/choice-menus";
import { takesCaption } from "@/lib/file-kind";
import { kindFor, problemWith } from "@/lib/media-limits";
import { filledInOf, forwardedOf, mapAddress, totalsOf, webAddress } from "@/lib/message-content";
import { charactersLeft } from "@/lib/message-length";
import type { Template } from "@/lib/models";
import { draftsOf, ratesOf } from "@/lib/rates";
import { foundTemplates, isRefusedValue, previewOf } from "@/lib/template-text";
import { aMessage } from "@/lib/test-rows";
import type { OutgoingFile } from "@/lib/thread";
import { repliesFor } from "@/lib/opened-thread";

describe("amounts", () => {
  it("sizes, lengths and money are read at a glance", () => {
    expect([512, 84_400, 3_210_000].map(readableSize)).toEqual(["512 B", "84 kB", "3.2 MB"]);
    expect([7_400, 750_000, 3_723_000].map(clipLength)).toEqual(["0:07", "12:30", "1:02:03"]);
    expect(money(44_002.5, "NGN")).toBe("₦44,002.50");
    expect(money(3, "no code")).toBe("no code 3");
  });
});

describe("what a message holds", () => {
  it("an order's sum, in each of its currencies, of the items whose price was told", () => {
    const item = (price: number | null, quantity: number | null, currency = "NGN") => ({
      id: "A",
      price,
      quantity,
      currency,
    });
    expect(totalsOf({ items: [item(10, 2), item(5, null), item(null, 4), item(1, 3, "GHS")] })).toEqual([
      ["NGN", 25],
      ["GHS", 3],
    ]);
  });

  it("a form's fields with readable names, and nothing where there is no form", () => {
    const reply = { name: "flow", values: { street_name: "Allen Avenue", floor: 2, keys: ["a"] } };
    expect(filledInOf(aMessage({ payload: { reply } }))).toEqual([
      ["street name", "Allen Avenue"],
      ["floor", "2"],
      ["keys", '["a"]'],
    ]);
    expect(filledInOf(aMessage())).toEqual([]);
    expect(forwardedOf(aMessage({ payload: { forwarded: "often" } }))).toBe("often");
  });

  it("opens only addresses of the web", () => {
    expect(webAddress("https://fb.me/ad")).toBe("https://fb.me/ad");
    for (const other of ["javascript:alert(1)", "data:text/html,x", "fb.me/ad", "", undefined]) {
      expect(webAddress(other)).toBeNull();
    }
    expect(new URL(mapAddress({ latitude: 6.5, longitude: -3.25 })).searchParams.get("query")).toBe(
      "6.5,-3.25",
    );
  });
});

describe("files before they are uploaded", () => {
  const MB = 1024 * 1024;

  it("are sent as what WhatsApp can show, and otherwise as documents", () => {
    expect(["image/png", "video/mp4", "audio/ogg;codecs=opus", "audio/mpeg"].map(kindFor)).toEqual([
      "image",
      "video",
      "audio",
      "audio",
    ]);
    expect(["image/svg+xml", "video/quicktime", "text/html", ""].map(kindFor)).toEqual(
      Array(4).fill("document"),
    );
  });

  it("are refused in words when they are too large or empty", () => {
    expect(problemWith("video", 16 * MB, "clip.mp4")).toBeNull();
    expect(problemWith("video", 16 * MB + 1, "clip.mp4")).toMatch(/clip\.mp4 .*16 MB/);
    expect(problemWith("document", 0, "empty.pdf")).toBe("empty.pdf is empty.");
    expect(problemWith("document", 9, "Report.PDF")).toBeNull();
    expect(problemWith("document", 9, "setup.exe")).toMatch(/does not take setup\.exe/);
  });

  it("carry the words where they can; else the words follow by themselves", () => {
    const file = (kind: OutgoingFile["kind"]): OutgoingFile => ({
      kind,
      file: new Blob(["x"]),
      name: kind,
      preview: "",
    });
    const [photo, sound] = [file("image"), file("audio")];
    const told = (files: OutgoingFile[]) =>
      repliesFor("Look", files, true).map((reply) => [reply.file?.kind ?? null, reply.text]);
    expect(told([sound, photo])).toEqual([
      ["audio", ""],
      ["image", "Look"],
    ]);
    expect(told([sound])).toEqual([
      ["audio", ""],
      [null, "Look"],
    ]);
    expect(told([])).toEqual([[null, "Look"]]);
    expect(repliesFor("", [photo], false)).toHaveLength(1);
    expect(takesCaption("sticker")).toBe(false);
    expect(charactersLeft("a".repeat(1025), "caption")).toBe(-1);
  });
});

describe("the answer window", () => {
  const now = Date.parse("2026-03-01T10:00:00.000Z");

  it("warns in its last two hours and ends to the second", () => {
    const stateAt = (expiresAt: string | null) => answerWindow(expiresAt, now).state;
    expect(stateAt(null)).toBe("none");
    expect(stateAt("2026-03-01T12:00:00.000Z")).toBe("open");
    expect(stateAt("2026-03-01T11:59:59.000Z")).toBe("closing");
    expect(stateAt("2026-03-01T10:00:00.000Z")).toBe("closed");
  });
});

describe("menus", () => {
  it("leave out empty buttons and number the rest", () => {
    expect(buttonsOf([" Yes ", "", "No"])).toEqual([
      { id: "choice-1", title: "Yes" },
      { id: "choice-2", title: "No" },
    ]);
    expect([areDistinct(["Yes", "yes", ""]), areDistinct(["Yes", "Yes "])]).toEqual([true, false]);
  });

  it("gather choices under their sections", () => {
    const choice = (title: string, section = "") => ({ title, description: "", section });
    const sections = sectionsOf([choice("A", "One"), choice("B", "Two"), choice("C", " One ")]);
    expect(sections.map(({ title, rows }) => [title, rows.map((row) => row.title)])).toEqual([
      ["One", ["A", "C"]],
      ["Two", ["B"]],
    ]);
    expect(new Set(sections.flatMap(({ rows }) => rows.map((row) => row.id))).size).toBe(3);
  });
});

describe("templates", () => {
  const template: Template = {
    name: "parcel_delay",
    language: "en_US",
    status: "APPROVED",
    category: "UTILITY",
    quality: null,
    reason: null,
    components: [
      { type: "HEADER", format: "TEXT", text: "Order {{1}}" },
      { type: "BODY", text: "Dear {{ name }}, order {{1}} is late. {{1}}!" },
      { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Return it" }] },
    ],
    variables: [],
    synced_at: "2026-03-01T10:00:00.000Z",
  };

  it("are previewed with what is filled in, each blank by its place", () => {
    const values = { "header.1": "AB-1", "body.name": "Ngozi", "body.1": "$&" };
    expect(previewOf(template, values)).toEqual({
      header: "Order AB-1",
      body: "Dear Ngozi, order $& is late. $&!",
      footer: "",
      buttons: ["Return it"],
    });
    expect(previewOf(template, {}).header).toBe("Order {{1}}");
  });

  it("are found by words of name and text, and by language", () => {
    const found = (search: string, language = "") => foundTemplates([template], search, language).length;
    expect([found("LATE parcel"), found("late gone"), found("", "en_US"), found("", "ha")]).toEqual([
      1, 0, 1, 0,
    ]);
  });

  it("take no line breaks and no five blanks", () => {
    expect(["a\nb", "a\tb", "a     b", "a    b"].map(isRefusedValue)).toEqual([true, true, true, false]);
  });
});

describe("rates", () => {
  it("go from the table to what is typed and back", () => {
    const rates = [{ category: "utility", type: "regular", rate: 8.75 }];
    expect(ratesOf(draftsOf(rates))).toEqual(rates);
    expect(ratesOf([{ category: " Utility ", type: "REGULAR", rate: "8,75" }])).toEqual(rates);
  });
});
