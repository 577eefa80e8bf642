/** What can be told of faces, known without the networks that tell it. */

import { EngineError } from '../errors';
import type { Face } from '../types';

/** So many points signals are told from. */
export const SIGNAL_POINTS = 68;

/** Whether the points are the 68 that signals are told from. */
export function hasSignals(scheme: { readonly id?: string; readonly pointCount?: number }): boolean {
  return scheme.id === 'ibug68' && scheme.pointCount === SIGNAL_POINTS;
}

/** @throws EngineError `bad-option`, naming the face. */
export function checkSignalPoints(faces: readonly Pick<Face, 'points' | 'spread'>[]): void {
  const check = (name: string, found: number, expected: number) => {
    if (found !== expected)
      throw new EngineError('bad-option', `option ${name}: must have ${expected} numbers, has ${found}`);
  };
  faces.forEach(({ points, spread }, i) => {
    check(`faces[${i}].points`, points.length, 2 * SIGNAL_POINTS);
    if (spread) check(`faces[${i}].spread`, spread.length, SIGNAL_POINTS);
  });
}

/** ARKit's names of the weights that are told, those of gaze last. */
export const toldWeights: readonly string[] = [
  ...['browDownLeft', 'browDownRight', 'browInnerUp', 'browOuterUpLeft', 'browOuterUpRight', 'cheekPuff'],
  ...['eyeBlinkLeft', 'eyeBlinkRight', 'jawLeft', 'jawOpen', 'jawRight'],
  ...['mouthDimpleLeft', 'mouthDimpleRight', 'mouthFunnel', 'mouthLeft', 'mouthPucker', 'mouthRight'],
  ...['mouthRollLower', 'mouthRollUpper', 'mouthShrugUpper', 'mouthSmileLeft', 'mouthSmileRight'],
  ...['mouthStretchLeft', 'mouthStretchRight', 'mouthUpperUpLeft', 'mouthUpperUpRight'],
  ...['noseSneerLeft', 'noseSneerRight'],
  ...['eyeLookUpLeft', 'eyeLookUpRight', 'eyeLookDownLeft', 'eyeLookDownRight'],
  ...['eyeLookInLeft', 'eyeLookInRight', 'eyeLookOutLeft', 'eyeLookOutRight'],
];
