import { browserStore } from "@/lib/browser-store";
import { waitingFiles } from "@/lib/waiting-files";

/**
 * What this browser keeps for one person until they sign out: drafts, and answers that are not sent yet. It survives
 * a reload and the end of the tab; where the browser keeps nothing, or has no room left, only these are lost.
 */
const PREFIX = "kept-";
/** Outlives a sign-out: only another person's coming matters. */
const SIGNED_IN = "signed-in";
const keyOf = (adminId: number, name: string) => `${PREFIX}${adminId}-${name}`;

const keys = () => Object.keys(browserStore ?? {}).filter((key) => key.startsWith(PREFIX));

export const kept = {
  read: (adminId: number, name: string): string => browserStore?.getItem(keyOf(adminId, name)) ?? "",
  /** An empty text is forgotten. */
  write: (adminId: number, name: string, text: string): void => {
    try {
      if (text) browserStore?.setItem(keyOf(adminId, name), text);
      else browserStore?.removeItem(keyOf(adminId, name));
    } catch {
      // No room: it still stands on the page.
    }
  },
  /** The names that begin so, of what is kept for this person. */
  names: (adminId: number, beginning: string): string[] =>
    keys()
      .filter((key) => key.startsWith(keyOf(adminId, beginning)))
      .map((key) => key.slice(keyOf(adminId, "").length)),
  /** Forgets everything, the files too, but for what is kept for this person. */
  clear: (exceptFor?: number): Promise<unknown> => {
    keys()
      .filter((key) => exceptFor === undefined || !key.startsWith(keyOf(exceptFor, "")))
      .forEach((key) => browserStore?.removeItem(key));
    return waitingFiles.clear(exceptFor);
  },
  /** Says whose this page is, and hears when another tab is somebody else's. */
  onAnotherPerson: (adminId: number, listener: () => void): (() => void) => {
    const onStorage = ({ key, newValue }: StorageEvent) => {
      if (key === SIGNED_IN && newValue !== null && newValue !== String(adminId)) listener();
    };
    window.addEventListener("storage", onStorage);
    try {
      browserStore?.setItem(SIGNED_IN, String(adminId));
    } catch {
      // No room: the other tabs do not hear of it.
    }
    return () => window.removeEventListener("storage", onStorage);
  },
  /** Hears what another tab makes of what is kept under this name. */
  onChanged: (
    adminId: number,
    name: string,
    listener: (before: string, after: string) => void,
  ): (() => void) => {
    const onStorage = ({ key, oldValue, newValue }: StorageEvent) => {
      if (key === keyOf(adminId, name)) listener(oldValue ?? "", newValue ?? "");
    };
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  },
  /** Hears what another tab has forgotten, by its name. */
  onForgotten: (adminId: number, listener: (name: string) => void): (() => void) => {
    const beginning = keyOf(adminId, "");
    const onStorage = ({ key, newValue }: StorageEvent) => {
      if (key?.startsWith(beginning) && newValue === null) listener(key.slice(beginning.length));
    };
    window.addEventListener("storage", onStorage);
    return () => window.removeEventListener("storage", onStorage);
  },
};
