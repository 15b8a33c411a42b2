// When somebody speaks, by nothing but how loud their microphone is (0 to 1, as `watchLevel` gives it). Loud enough
// begins it; it ends when it has been quiet for a while, so that breaths and soft ends of words belong to it.
export const BEGINS = 0.12;
export const ENDS = 0.06;
export const HOLDS = 0.5; // seconds of quiet that still belong to what is said
const LONGEST_STEP = 1; // seconds between two looks: a page that slept has heard nothing meanwhile

export class Voice {
  #speaks = false;
  #quiet = 0;

  // Returns the seconds, of those that passed since the last look, that count as speaking.
  heard(level, passed) {
    const step = Math.min(Math.max(passed, 0), LONGEST_STEP);
    if (level >= BEGINS) this.#speaks = true;
    this.#quiet = level >= ENDS ? 0 : this.#quiet + step;
    if (this.#quiet > HOLDS) this.#speaks = false;
    return this.#speaks ? step : 0;
  }
}
