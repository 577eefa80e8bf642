/** How far eyes are open, by the lids in the face's own frame, so that neither yaw nor pitch changes it. */

import { gap, meanGap, type OwnPoints } from './own-frame';
import { createRunningQuantile } from './running';

export interface PerEye<T> {
  readonly left: T;
  readonly right: T;
}

/** Of the 68, the person's own. */
export const EYE_POINTS = { right: [36, 37, 38, 39, 40, 41], left: [42, 43, 44, 45, 46, 47] } as const;
/** The person's own: the left eye is on the right of an unmirrored picture. */
const EYES = {
  left: { corners: [42, 45], lids: [[43, 47], [44, 46]] },
  right: { corners: [36, 39], lids: [[37, 41], [38, 40]] },
} as const; // prettier-ignore

/** Height over width of an open eye; of LFPW's and HELEN's training faces half have more than 0.32. */
const OPEN_RATIO = 0.33;
/** Of a shut one over that of the open one, until it blinks. In 2 % of those faces an eye's ratio is below 0.08, a quarter. */
const SHUT_SHARE = 0.15;
/** More than this of the open eye is no shut one. */
const MAX_SHUT_SHARE = 0.65;
/** How much of a blink that is less deep than those before is taken over; of one that is deeper all. */
const SHALLOWER = 0.4;
/** Below this opening (`Signals.eyes`) an eye counts as shut. */
export const SHUT_OPENING = 0.2;
/** The open eye is what the eye reaches in a fifth of the time. */
const OPEN_QUANTILE = 0.8;
/** How fast a face's own open eye is learnt, in ratio a second. */
const LEARNT_PER_S = 0.02;
/** One that counts as shut tells little of it, or none would be left after a minute's nap; but it may just be narrow. */
const LEARNT_OF_SHUT = 0.1;
/** An eye that is open wider than usual; one that is open further is a mistake. */
const MAX_OPENING = 1.5;
/** Yaw from which on the eye on the far side is hidden, or nearly. */
const HIDDEN_DEG = 50;

/** Height over width of each eye. */
export function eyeRatios(own: OwnPoints): PerEye<number> {
  const ratio = ({ corners: [inner, outer], lids }: (typeof EYES)['left' | 'right']) =>
    meanGap(own, lids) / gap(own, inner, outer);
  return { left: ratio(EYES.left), right: ratio(EYES.right) };
}

/** Whether each eye is seen. */
export function seenEyes(yawDeg: number): PerEye<boolean> {
  return { left: yawDeg < HIDDEN_DEG, right: yawDeg > -HIDDEN_DEG };
}

export interface EyeMeter {
  /** How far an eye of that ratio is open: 0 shut, 1 as wide as this face's own open eye, 1.5 at most. */
  openingOf(ratio: number): number;
  /** Learns how wide the open eye is. @param seconds since the last frame. */
  learn(ratio: number, seconds: number): void;
  /** Learns what a shut eye is. @param ratio the least of a blink. */
  learnShut(ratio: number): void;
}

export function createEyeMeter(): EyeMeter {
  const open = createRunningQuantile(OPEN_RATIO, OPEN_QUANTILE, LEARNT_PER_S);
  let shutShare = SHUT_SHARE;
  function openingOf(ratio: number): number {
    const shut = shutShare * open.value;
    return Math.max(0, Math.min(MAX_OPENING, (ratio - shut) / (open.value - shut)));
  }
  return {
    openingOf,
    learn(ratio, seconds) {
      open.add(ratio, openingOf(ratio) < SHUT_OPENING ? LEARNT_OF_SHUT * seconds : seconds);
    },
    learnShut(ratio) {
      const share = Math.min(MAX_SHUT_SHARE, ratio / open.value);
      shutShare += (share > shutShare ? SHALLOWER : 1) * (share - shutShare);
    },
  };
}
