/** An answer tells whole seconds and takes a while on a slow line: so much is no fault of this device's clock. */
const TOLERATED_MS = 5 * 60_000;
/** What came later than this may have waited in a phone that slept. */
const LONGEST_ANSWER_MS = 30_000;

/** How far this device's clock is ahead of the desk's. */
let ahead = 0;

/**
 * The time as the desk has it, for all that is counted from or to what the desk says. A phone's own clock may be
 * hours wrong, and would close a customer's window, or keep it open, by as much.
 */
export const deskClock = {
  now: (): number => Date.now() - ahead,
  /** Learns from the `Date` of an answer to what was asked at this time of the device. */
  learn: (date: string | null, askedAt: number): void => {
    const now = Date.now();
    const difference = now - Date.parse(date ?? "");
    if (Number.isNaN(difference) || Math.abs(now - askedAt) > LONGEST_ANSWER_MS) return;
    ahead = Math.abs(difference) > TOLERATED_MS ? difference : 0;
  },
};
