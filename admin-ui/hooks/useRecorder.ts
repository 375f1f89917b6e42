import { useEffect, useRef, useState } from "react";

import { deskClock } from "@/lib/desk-clock";

/** Speech needs no more, and a voice note of two minutes stays below the 512 kB up to which it shows as one. */
const BITS_PER_SECOND = 24_000;
const FORMATS = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus", "audio/mp4"];

type State = "idle" | "asking" | "recording" | "refused";

/** A voice note from this device's microphone. `onDone` gets what was said, once `finish` is called. */
export function useRecorder(onDone: (voice: Blob) => void) {
  const [state, setState] = useState<State>("idle");
  const [startedAt, setStartedAt] = useState(0);
  const recorder = useRef<MediaRecorder | null>(null);

  const release = () => {
    recorder.current?.stream.getTracks().forEach((track) => track.stop());
    recorder.current = null;
  };
  useEffect(() => release, []);

  const start = async () => {
    setState("asking");
    try {
      // Absent where the page came over plain HTTP.
      const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } });
      const mimeType = FORMATS.find((format) => MediaRecorder.isTypeSupported(format));
      recorder.current = new MediaRecorder(stream, { mimeType, audioBitsPerSecond: BITS_PER_SECOND });
      recorder.current.start();
      setStartedAt(deskClock.now());
      setState("recording");
    } catch {
      setState("refused");
    }
  };
  const cancel = () => {
    release();
    setState("idle");
  };
  const finish = () => {
    const current = recorder.current;
    if (!current) return;
    current.ondataavailable = ({ data }) => {
      if (data.size > 0) onDone(data);
    };
    current.onstop = cancel;
    current.stop();
  };
  return { state, startedAt, start: () => void start(), cancel, finish };
}
