/**
 * The files of answers that are not sent yet, beside the words that `kept` keeps: only IndexedDB has room for them.
 * Where the browser has none, or it is full or silent, nothing is kept.
 */
const DATABASE = "waiting-files";
const FILES = "files";
/** Some browsers' store never answers until they are started anew; nobody's sign-out waits for that. */
const SILENCE_MS = 5_000;

const opened = () =>
  new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(DATABASE);
    request.onupgradeneeded = () => request.result.createObjectStore(FILES);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(new Error(request.error?.message));
    setTimeout(reject, SILENCE_MS);
  });

/** What the request gives, once all that it changes is stored. Calls take effect in the order in which they are made. */
async function within<T>(
  mode: IDBTransactionMode,
  ask: (files: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await opened();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = database.transaction(FILES, mode);
      const request = ask(transaction.objectStore(FILES));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(new Error(transaction.error?.message));
    });
  } finally {
    database.close();
  }
}

export const waitingFiles = {
  /** Whether there was room for it. */
  write: (adminId: number, clientId: string, file: Blob): Promise<boolean> =>
    within("readwrite", (files) => files.put(file, [adminId, clientId])).then(
      () => true,
      () => false,
    ),
  read: (adminId: number, clientId: string): Promise<Blob | undefined> =>
    within<Blob | undefined>("readonly", (files) => files.get([adminId, clientId])).catch(() => undefined),
  forget: (adminId: number, clientId: string): void => {
    void within("readwrite", (files) => files.delete([adminId, clientId])).catch(() => undefined);
  },
  /** Forgets everything, but for what is kept for this person; a page that is left before takes it along undone. */
  clear: (exceptFor?: number): Promise<unknown> =>
    within("readwrite", (files) => {
      if (exceptFor === undefined) return files.clear();
      // Keys are ordered: [7] stands before every [7, "…"], and [7, []] behind them.
      files.delete(IDBKeyRange.upperBound([exceptFor], true));
      return files.delete(IDBKeyRange.lowerBound([exceptFor, []], true));
    }).catch(() => undefined),
};
