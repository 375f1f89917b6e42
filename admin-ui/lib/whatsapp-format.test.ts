import { describe, expect, it } from "vitest";

import { plainTextOf, segmentsOf } from "@/lib/whatsapp-format";

describe("segmentsOf", () => {
  it.each([
    ["*bold*", "bold", "bold"],
    ["_two words_", "italic", "two words"],
    ["~gone~", "strike", "gone"],
    ["```code *stays*```", "mono", "code *stays*"],
    ["*ẹ ṣé*", "bold", "ẹ ṣé"],
  ])("reads %s", (text, kind, words) => {
    expect(segmentsOf(text)).toEqual([{ kind, text: words }]);
  });

  it.each(["2*3*4", "snake_case_name", "* not a mark *", "*over\nlines*", "**", "5 * 3 = 15", "<b>no</b>"])(
    "leaves %j alone",
    (text) => expect(segmentsOf(text)).toEqual([{ kind: "text", text }]),
  );

  it("keeps everything around and between the marks", () => {
    expect(segmentsOf("Send *menu* or _0_.")).toEqual([
      { kind: "text", text: "Send " },
      { kind: "bold", text: "menu" },
      { kind: "text", text: " or " },
      { kind: "italic", text: "0" },
      { kind: "text", text: "." },
    ]);
  });

  it("links web addresses alone, without the sentence's full stop", () => {
    const url = "https://shop.example/a_b_c?x=1";
    expect(segmentsOf(`See ${url}. javascript:alert(1)`)).toEqual([
      { kind: "text", text: "See " },
      { kind: "link", text: url, url },
      { kind: "text", text: ". javascript:alert(1)" },
    ]);
  });
});

it("plainTextOf drops the marks and nothing else", () => {
  expect(plainTextOf("Which *town*? https://shop.example 2*3")).toBe("Which town? https://shop.example 2*3");
});
