import { leaving } from "@/lib/leaving";
import type { OutgoingFile } from "@/lib/thread";

const NONE: OutgoingFile[] = [];
const attached = new Map<string, OutgoingFile[]>();
const listeners = new Set<() => void>();

/**
 * What is attached to answers that are not sent yet, while the page stays: another ticket may be a look or a slip. No
 * store keeps it, so the browser asks whoever leaves the page.
 */
export const attachedFiles = {
  of: (name: string): OutgoingFile[] => attached.get(name) ?? NONE,
  change: (name: string, next: (files: OutgoingFile[]) => OutgoingFile[]): void => {
    const files = next(attachedFiles.of(name));
    if (files.length > 0) attached.set(name, files);
    else attached.delete(name);
    leaving.ask("attached", attached.size > 0);
    listeners.forEach((listener) => listener());
  },
  subscribe: (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};
