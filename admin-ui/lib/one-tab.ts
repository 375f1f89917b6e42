/** One tab after the other, where the browser can arrange it: it does on https and localhost. */
export async function oneTabAtATime(
  name: string,
  signal: AbortSignal,
  act: () => Promise<void>,
): Promise<void> {
  if ("locks" in navigator) await navigator.locks.request(name, { signal }, act);
  else await act();
}
