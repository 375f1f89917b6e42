/** The browser's store of words; null where it gives a page none, as where somebody blocked what sites keep. */
export const browserStore = find();

function find(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null; // as when the pages are built
  }
}
