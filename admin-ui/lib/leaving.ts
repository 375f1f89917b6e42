const reasons = new Set<string>();
let isUnasked = false;

/** Why the browser asks whoever leaves the page whether they would rather stay. */
export const leaving = {
  ask: (why: string, isAsked: boolean): void => {
    reasons[isAsked ? "add" : "delete"](why);
    window.onbeforeunload = reasons.size > 0 && !isUnasked ? (event: Event) => event.preventDefault() : null;
  },
  wouldAsk: (): boolean => reasons.size > 0,
  /** From now on, whatever else may be left behind. */
  unasked: (): void => {
    isUnasked = true;
    window.onbeforeunload = null;
  },
};
