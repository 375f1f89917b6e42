import { browserStore } from "@/lib/browser-store";

/** What somebody prefers on this device. It outlives the sign-out. */
export type DevicePreference = "single-keys" | "notifications" | "sound" | "data-saver";

/** What the browser has no room for holds until the page is left. */
const unstored = new Map<DevicePreference, boolean>();
const listeners = new Set<() => void>();
const keyOf = (name: DevicePreference) => `desk-${name}`;

/** Keys are on. A browser that was told to save data need not be told again. */
function byDefault(name: DevicePreference): boolean {
  if (name === "single-keys") return true;
  const { connection } = navigator as Navigator & { connection?: { saveData?: boolean } };
  return name === "data-saver" && connection?.saveData === true;
}

/** The switches of this browser. */
export const devicePreferences = {
  isOn: (name: DevicePreference): boolean => {
    const stored = browserStore?.getItem(keyOf(name));
    return unstored.get(name) ?? (stored ? stored === "on" : byDefault(name));
  },
  turn: (name: DevicePreference, on: boolean): void => {
    unstored.set(name, on);
    try {
      browserStore?.setItem(keyOf(name), on ? "on" : "off");
      if (browserStore) unstored.delete(name);
    } catch {
      // No room: it holds until the page is left.
    }
    listeners.forEach((listener) => listener());
  },
  /** Also hears what another tab turned. */
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    window.addEventListener("storage", listener);
    return () => {
      listeners.delete(listener);
      window.removeEventListener("storage", listener);
    };
  },
};
