// @vitest-environment jsdom
import { afterEach, describe, expect, it, vi } from "vitest";

import { devicePreferences } from "@/lib/device-preferences";
import { keysOf, shortcuts } from "@/lib/shortcuts";

const press = (key: string, target: HTMLElement = document.body, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, ...more });
  Object.defineProperty(event, "target", { value: target });
  return shortcuts.press(event);
};
const shortcut = (keys: string, run: () => void) => ({ keys, label: keys, group: "ticket" as const, run });

describe("shortcuts", () => {
  const ends: (() => void)[] = [];
  const add = (keys: string) => {
    const run = vi.fn();
    ends.push(shortcuts.add([shortcut(keys, run)]));
    return run;
  };
  afterEach(() => {
    ends.splice(0).forEach((end) => end());
    devicePreferences.turn("single-keys", true);
    document.body.innerHTML = "";
  });

  it("does what the key stands for, and only while it is wanted", () => {
    const run = add("j");
    expect(press("j")).toBe(true);
    ends.splice(0).forEach((end) => end());
    expect(press("j")).toBe(false);
    expect(run).toHaveBeenCalledTimes(1);
  });

  it("never fires while somebody types", () => {
    const run = add("e");
    for (const made of ["input", "textarea", "select"]) press("e", document.createElement(made));
    press("e", document.body, { isComposing: true });
    expect(run).not.toHaveBeenCalled();
  });

  it("takes a key with a modifier everywhere, and no single key for it", () => {
    const single = add("k");
    const palette = add("mod+k");
    press("k", document.createElement("textarea"), { ctrlKey: true });
    press("K", document.body, { metaKey: true });
    expect(palette).toHaveBeenCalledTimes(2);
    expect(single).not.toHaveBeenCalled();
  });

  it("gives way to an open dialog", () => {
    const run = add("r");
    document.body.innerHTML = "<dialog open></dialog>";
    expect(press("r")).toBe(false);
    expect(run).not.toHaveBeenCalled();
  });

  it("can be turned off, but for those with a modifier", () => {
    const single = add("a");
    const palette = add("mod+k");
    devicePreferences.turn("single-keys", false);
    press("a");
    press("k", document.body, { ctrlKey: true });
    expect(single).not.toHaveBeenCalled();
    expect(palette).toHaveBeenCalledTimes(1);
  });

  it("lets the one that came last hold", () => {
    const outer = add("Escape");
    const inner = add("Escape");
    press("Escape");
    expect(inner).toHaveBeenCalledTimes(1);
    expect(outer).not.toHaveBeenCalled();
  });

  it("tells upper and lower case alike, and knows the layout's own characters", () => {
    const none = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false };
    expect(keysOf({ ...none, key: "J" })).toBe("j");
    expect(keysOf({ ...none, key: "?" })).toBe("?");
    expect(keysOf({ ...none, key: "q", altKey: true })).toBeNull();
  });
});
