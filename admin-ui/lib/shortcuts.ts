import { devicePreferences } from "@/lib/device-preferences";

/** A key that does something on the page that shows. */
export interface Shortcut {
  /** What `KeyboardEvent.key` says, such as `j`, `?` or `/`; `mod+k` is Ctrl+K, and ⌘K on a Mac. */
  keys: string;
  label: string;
  group: ShortcutGroup;
  run: () => void;
}

type ShortcutGroup = "everywhere" | "list" | "ticket";

type KeyPress = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">;

/** What the key press says in the words of a `Shortcut`; null for what can be none. */
export function keysOf(press: KeyPress): string | null {
  if (press.isComposing || press.altKey) return null;
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  return press.ctrlKey || press.metaKey ? `mod+${key}` : key;
}

/** Whether keys pressed there are words, or belong to a control that has uses of its own for them. */
function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable ||
      target.matches("input, textarea, select, [contenteditable], [role=combobox]"))
  );
}

/** Which keys do what now. Of two for the same keys the one that came last holds: it is nearer to the eye. */
class ShortcutRegistry {
  private all: readonly Shortcut[] = [];
  private listeners = new Set<() => void>();

  add(shortcuts: readonly Shortcut[]): () => void {
    this.set([...this.all, ...shortcuts]);
    return () => this.set(this.all.filter((one) => !shortcuts.includes(one)));
  }

  current = (): readonly Shortcut[] => this.all;

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** Does what the key stands for; gives whether it stands for something. */
  press(event: KeyboardEvent): boolean {
    const keys = keysOf(event);
    if (keys === null || document.querySelector("dialog[open]")) return false;
    // WCAG 2.1.4: who dictates, or whose hand shakes, can turn keys without a modifier off.
    const isSingle = !keys.startsWith("mod+");
    if (isSingle && (isTyping(event.target) || !devicePreferences.isOn("single-keys"))) return false;
    const shortcut = this.all.findLast((one) => one.keys === keys);
    // Held down, it goes on through a list, and does not do to the next ticket what was meant for this one.
    if (!event.repeat || shortcut?.group === "list") shortcut?.run();
    return shortcut !== undefined;
  }

  private set(all: readonly Shortcut[]) {
    this.all = all;
    this.listeners.forEach((listener) => listener());
  }
}

export const shortcuts = new ShortcutRegistry();
