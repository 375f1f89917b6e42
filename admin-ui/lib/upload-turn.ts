/**
 * A browser keeps six lines to a desk on plain HTTP, one of them for its events: an album must leave some to
 * whatever else the page asks for and sends meanwhile.
 */
const AT_ONCE = 3;
let underWay = 0;
const waiting: (() => void)[] = [];

/**
 * Few uploads at once, in the order in which they were asked for; each in one tab after the other, where the browser
 * can arrange it: it does on https and localhost.
 */
export async function inTurn(name: string, signal: AbortSignal, act: () => Promise<void>): Promise<void> {
  if (underWay < AT_ONCE) underWay += 1;
  else await new Promise<void>((go) => waiting.push(go));
  try {
    signal.throwIfAborted();
    if ("locks" in navigator) await navigator.locks.request(name, { signal }, act);
    else await act();
  } finally {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }
}
