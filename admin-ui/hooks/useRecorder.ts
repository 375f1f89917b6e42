import { useEffect, useRef, useState } from "react";

import { deskClock } from "@/lib/desk-clock";
import { leaving } from "@/lib/leaving";

/** Speech needs no more, and a voice note of two minutes stays below the 512 kB up to which it shows as one. */
const BITS_PER_SECOND = 24_000;
const FORMATS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

/** `cut`: the device took the microphone away, for a call or with its plug; what was said until then is there. */
type State = "idle" | "asking" | "recording" | "cut" | "refused";

const letGo = (stream: MediaStream) => stream.getTracks().forEach((track) => track.stop());

/**
 * A voice note from this device's microphone. `onDone` gets what was said, once `finish` is called; `onLeft` gets it
 * where its speaker went elsewhere meanwhile.
 */
export function useRecorder(onDone: (voice: Blob) => void, onLeft?: (voice: Blob) => void) {
  const [state, setState] = useState<State>("idle");
  const [startedAt, setStartedAt] = useState(0);
  const recorder = useRef<MediaRecorder | null>(null);
  const said = useRef<Blob | null>(null);
  const isGone = useRef(false);
  const left = useRef(onLeft);
  useEffect(() => {
    left.current = onLeft;
  });

  const end = (take: (voice: Blob | null) => void) => {
    const current = recorder.current;
    recorder.current = null; // whoever leaves now takes nothing of it along
    if (!current) return;
    const done = () => {
      letGo(current.stream);
      take(said.current);
    };
    if (current.state === "inactive") return done();
    current.onstop = done;
    current.stop();
  };
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
      end((voice) => voice?.size && left.current?.(voice));
    };
  }, []);
  const isOn = state === "recording" || state === "cut";
  useEffect(() => {
    leaving.ask("recording", isOn);
    return () => leaving.ask("recording", false);
  }, [isOn]);

  const start = async () => {
    setState("asking");
    try {
      // Absent where the page came over plain HTTP.
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      if (isGone.current) return letGo(stream); // allowed too late: nobody would ever stop it
      const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
      const current = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
      said.current = null;
      current.ondataavailable = ({ data }) => (said.current = data);
      current.onstop = () => setState("cut");
      current.start();
      recorder.current = current;
      setStartedAt(deskClock.now());
      setState("recording");
    } catch {
      setState("refused");
    }
  };
  const cancel = () => end(() => setState("idle"));
  const finish = () =>
    end((voice) => {
      setState("idle");
      if (voice?.size) onDone(voice);
    });
  return { state, startedAt, start: () => void start(), cancel, finish };
}
