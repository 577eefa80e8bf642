/** What the puppet makes of the signals: how it is turned, and each feature from 0 (at rest) on. */

import type { Signals } from '../../../../engine/types';
import { inHead, turnOf, upright, type Solid, type Turn } from './solid';

/** Left and right are its own, as in the signals: its left is on the right of the picture. */
export interface SideLook {
  /** 0 shut, 1 open. */
  readonly eye: number;
  /** −1..1, the ends of the brow: up above 0. */
  readonly browInner: number;
  readonly browOuter: number;
  /** −1..1: up in a smile. */
  readonly corner: number;
  /** 0..1 */
  readonly cheek: number;
}

export interface PuppetLook {
  readonly turn: Turn;
  /** Of length 1: where both eyes look, in the axes of the head. */
  readonly gaze: Solid;
  readonly left: SideLook;
  readonly right: SideLook;
  /** Gap of the lips over the width of the mouth at rest. */
  readonly mouthOpening: number;
  /** Over the width at rest. */
  readonly mouthWidth: number;
  /** −1..1, to its own left above 0. */
  readonly mouthAside: number;
  /** −1..1, the same. */
  readonly jawAside: number;
  /** 0..1 */
  readonly pucker: number;
  /** 0..1, of both cheeks. */
  readonly puff: number;
}

const restingSide: SideLook = { eye: 1, browInner: 0, browOuter: 0, corner: 0, cheek: 0 };
export const resting: PuppetLook = {
  turn: upright,
  gaze: [0, 0, 1],
  left: restingSide,
  right: restingSide,
  mouthOpening: 0,
  mouthWidth: 1,
  mouthAside: 0,
  jawAside: 0,
  pucker: 0,
  puff: 0,
};

const between = (low: number, high: number, value: number) => Math.min(high, Math.max(low, value));

/** A slanted mouth lifts one corner by so much more than it is slanted: it is easy to miss. */
const SLANT_GAIN = 4;

export function lookOf(signals: Signals | null): PuppetLook {
  if (!signals) return resting;
  const { pose, eyes, gaze, mouth, expression } = signals;
  // One that the engine does not tell is at rest.
  const weight = (name: string) => (Object.hasOwn(expression, name) ? expression[name] : 0);
  const side = (name: 'Left' | 'Right', eye: number, slant: number): SideLook => ({
    eye: between(0, 1.4, eye),
    browInner: between(-1, 1, weight('browInnerUp') - weight(`browDown${name}`)),
    browOuter: between(-1, 1, weight(`browOuterUp${name}`) - 0.5 * weight(`browDown${name}`)),
    corner: between(-1, 1, weight(`mouthSmile${name}`) - weight(`mouthFrown${name}`) + slant),
    cheek: Math.max(weight(`cheekSquint${name}`), weight(`mouthSmile${name}`)),
  });
  const slant = (SLANT_GAIN * mouth.asymmetry) / 2;
  return {
    turn: turnOf(pose),
    gaze: gaze ? inHead(turnOf(pose), gaze) : resting.gaze,
    left: side('Left', eyes.left, slant),
    right: side('Right', eyes.right, -slant),
    mouthOpening: between(0, 1.2, mouth.opening),
    mouthWidth: between(0.5, 1.6, mouth.width),
    mouthAside: weight('mouthLeft') - weight('mouthRight'),
    jawAside: weight('jawLeft') - weight('jawRight'),
    pucker: Math.max(weight('mouthPucker'), weight('mouthFunnel')),
    puff: weight('cheekPuff'),
  };
}
