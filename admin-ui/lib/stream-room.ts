/** Without HTTP/2 a browser has six lines to the desk for all its tabs, and a stream takes one for itself. */
const MOST_STREAMS = 4;

interface Word {
  id: number;
  isGone?: boolean;
}

/**
 * Lets the tabs of a browser that were opened or looked at last have a stream each. Of the others, whom nobody sees, the
 * stream is closed, and opened when they are looked at again or have their turn. Returns how to leave.
 */
export function streamRoom(stream: { close(): void; reopen(): void }): () => void {
  const id = Math.random();
  const later = new Set<number>();
  const channel = new BroadcastChannel("streams");
  let isResting = false;

  const settle = () => {
    const rests = document.visibilityState === "hidden" && later.size >= MOST_STREAMS;
    if (rests === isResting) return;
    isResting = rests;
    if (rests) stream.close();
    else stream.reopen();
  };
  const tell = (word: Word) => channel.postMessage(word);
  const onVisibility = () => {
    if (document.visibilityState === "visible") {
      later.clear();
      tell({ id });
    }
    settle();
  };
  const onLeaving = () => tell({ id, isGone: true });
  channel.onmessage = ({ data }: MessageEvent<Word>) => {
    later[data.isGone ? "delete" : "add"](data.id);
    settle();
  };
  tell({ id });
  document.addEventListener("visibilitychange", onVisibility);
  window.addEventListener("pagehide", onLeaving);
  window.addEventListener("pageshow", onVisibility);
  return () => {
    document.removeEventListener("visibilitychange", onVisibility);
    window.removeEventListener("pagehide", onLeaving);
    window.removeEventListener("pageshow", onVisibility);
    onLeaving();
    channel.close();
  };
}
