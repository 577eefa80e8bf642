/** Names what a face does as it happens: blinks, turns of the head, an open mouth, a smile, raised brows. */

import type { Blink, Signals } from '../../../engine/types';

export interface SignalEvent {
  /** Counts up; for lists. */
  readonly number: number;
  /** On the clock of the frames. */
  readonly timeMs: number;
  readonly words: string;
}

/** Told when the value rises above `on`, and again once it fell below `off`. */
interface Threshold {
  readonly words: string;
  /** What is said when it ends; nothing where left out. */
  readonly ended?: string;
  readonly read: (signals: Signals) => number | undefined;
  readonly on: number;
  readonly off: number;
}

const mean = (...values: (number | undefined)[]) =>
  values.some((value) => value === undefined)
    ? undefined
    : values.reduce<number>((sum, value) => sum + value!, 0) / values.length;

/** By ARKit's names; of two sides the mean. */
const movement = (words: string, ...names: string[]): Threshold => ({
  ...{ words, on: 0.5, off: 0.3 },
  read: ({ expression }) => mean(...names.map((name) => expression[name])),
});

/** Left and right are the person's own: at a yaw above 0 they look to the right of the picture. Degrees, and weights 0..1. */
const thresholds: readonly Threshold[] = [
  { words: 'Turned left', read: ({ pose }) => pose.yawDeg, on: 25, off: 15 },
  { words: 'Turned right', read: ({ pose }) => -pose.yawDeg, on: 25, off: 15 },
  { words: 'Looked up', read: ({ pose }) => pose.pitchDeg, on: 20, off: 12 },
  { words: 'Looked down', read: ({ pose }) => -pose.pitchDeg, on: 20, off: 12 },
  {
    ...{ words: 'Mouth opened', ended: 'Mouth closed' },
    ...{ read: ({ mouth }) => mouth.opening, on: 0.25, off: 0.12 },
  },
  movement('Smiled', 'mouthSmileLeft', 'mouthSmileRight'),
  movement('Raised the brows', 'browOuterUpLeft', 'browOuterUpRight'),
  movement('Puckered the lips', 'mouthPucker'),
  movement('Puffed the cheeks', 'cheekPuff'),
];

/** The second eye's blink is waited for so long before the first is called a wink. */
const OTHER_EYE_MS = 300;

const overlaps = (one: Blink, other: Blink) =>
  one.startMs < other.startMs + other.durationMs && other.startMs < one.startMs + one.durationMs;

export class SignalEvents {
  #isOn = thresholds.map(() => false);
  #single: { readonly blink: Blink; readonly timeMs: number } | null = null;
  #count = 0;

  /** What began or ended with this frame. */
  add(timeMs: number, signals: Signals): SignalEvent[] {
    const words: string[] = [];
    for (const blink of signals.blinks) words.push(...this.#blinked(blink, timeMs));
    if (this.#single && timeMs - this.#single.timeMs > OTHER_EYE_MS) {
      words.push(wordsOf(this.#single.blink));
      this.#single = null;
    }
    thresholds.forEach(({ words: began, ended, read, on, off }, i) => {
      const value = read(signals);
      if (value === undefined) return;
      if (!this.#isOn[i] && value > on) {
        this.#isOn[i] = true;
        words.push(began);
      } else if (this.#isOn[i] && value < off) {
        this.#isOn[i] = false;
        if (ended) words.push(ended);
      }
    });
    return words.map((text) => ({ number: (this.#count += 1), timeMs, words: text }));
  }

  /** Another face, or none. */
  clear(): void {
    this.#isOn = thresholds.map(() => false);
    this.#single = null;
  }

  #blinked(blink: Blink, timeMs: number): string[] {
    const single = this.#single;
    this.#single = null;
    if (single && single.blink.eye !== blink.eye && overlaps(single.blink, blink)) return ['Blinked'];
    this.#single = { blink, timeMs };
    return single ? [wordsOf(single.blink)] : [];
  }
}

const wordsOf = ({ eye }: Blink) => (eye === 'left' ? 'Left eye blinked' : 'Right eye blinked');
