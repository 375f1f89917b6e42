const NOTES = [660, 880];
const NOTE_SECONDS = 0.16;

let context: AudioContext | null = null;

/** Two soft notes, made here: a sound that needs no download. */
export async function chime(): Promise<void> {
  context ??= new AudioContext();
  const audio = context;
  if (audio.state === "suspended") await audio.resume();
  if (!("locks" in navigator)) return play(audio); // on plain HTTP, where each tab plays them for itself
  await navigator.locks.request("chime", { ifAvailable: true }, async (lock) => {
    if (!lock) return; // a tab beside this one plays them
    play(audio);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  });
}

function play(audio: AudioContext): void {
  NOTES.forEach((frequency, index) => {
    const start = audio.currentTime + index * NOTE_SECONDS;
    const tone = new OscillatorNode(audio, { frequency });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + NOTE_SECONDS * 2);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + NOTE_SECONDS * 2);
  });
}
