const TONES = [
  { hertz: 659, at: 0 },
  { hertz: 880, at: 0.11 },
];
const LOUDNESS = 0.05;
const RING_SECONDS = 0.5;

let context = null;

/** Two soft tones. Silent where the browser lets no page sound before somebody has used it. */
export function chime() {
  context ??= new AudioContext();
  if (context.state === "suspended") context.resume().catch(() => {});
  for (const { hertz, at } of TONES) ring(hertz, context.currentTime + at);
}

function ring(hertz, at) {
  const tone = new OscillatorNode(context, { frequency: hertz, type: "sine" });
  const volume = new GainNode(context, { gain: 0 });
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + RING_SECONDS);
  tone.connect(volume).connect(context.destination);
  tone.start(at);
  tone.stop(at + RING_SECONDS);
}
