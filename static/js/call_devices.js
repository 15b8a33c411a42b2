// Microphone and camera of this device, and ways to try them out. The level is drawn here and goes nowhere.
const VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const PICTURE = { width: { ideal: 240 }, height: { ideal: 180 }, frameRate: { ideal: 12, max: 15 } };

export const canCall = () => Boolean(globalThis.RTCPeerConnection && navigator.mediaDevices?.getUserMedia);

const track = async (kind, wanted, id) => {
  const asked = { ...wanted, ...(id ? { deviceId: { ideal: id } } : {}) };
  const stream = await navigator.mediaDevices.getUserMedia({ [kind]: asked });
  return stream.getTracks()[0];
};

// Throws what getUserMedia throws: NotAllowedError, NotFoundError, NotReadableError …
export const microphone = (id) => track("audio", VOICE, id);
export const camera = (id) => track("video", PICTURE, id);

// Names are empty until the browser may use a device; then there is one without a name, which is no choice.
export async function devices(kind) {
  const found = await navigator.mediaDevices.enumerateDevices();
  return found.filter((one) => one.kind === kind && one.deviceId);
}

// Calls `show` with 0 to 1, fifteen times a second, until the returned function is called.
export function watchLevel(microphoneTrack, show) {
  const context = new AudioContext();
  context.resume().catch(() => {});
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(new MediaStream([microphoneTrack])).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  const timer = setInterval(() => {
    analyser.getFloatTimeDomainData(wave);
    const loudness = Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length);
    show(Math.min(1, loudness * 6));
  }, 66);
  return () => {
    clearInterval(timer);
    context.close();
  };
}

// Two soft notes, so that people know by ear which loudspeaker is theirs.
export async function playTone() {
  const context = new AudioContext();
  await context.resume();
  const loudness = new GainNode(context, { gain: 0 });
  loudness.connect(context.destination);
  for (const [place, frequency] of [440, 587.33].entries()) {
    const begins = context.currentTime + place * 0.5;
    const note = new OscillatorNode(context, { frequency });
    note.connect(loudness);
    loudness.gain.setTargetAtTime(0.2, begins, 0.03);
    loudness.gain.setTargetAtTime(0, begins + 0.35, 0.05);
    note.start(begins);
    note.stop(begins + 0.5);
  }
  setTimeout(() => context.close(), 1500);
}
