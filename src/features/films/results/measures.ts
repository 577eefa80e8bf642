/** Numbers of each face over time, for the strips and the summary. */

import { boxOf, largerSide } from '../../../engine/geometry';
import type { TrackedFace } from '../types';

const mean = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What is measured of a face in a frame; NaN where it is not. */
export const measures = {
  spreadPct: ({ spread, points }: TrackedFace) =>
    spread ? (100 * mean(spread)) / largerSide(boxOf(points)) : NaN,
  yawDeg: ({ signals }: TrackedFace) => signals?.pose.yawDeg ?? NaN,
  pitchDeg: ({ signals }: TrackedFace) => signals?.pose.pitchDeg ?? NaN,
  rollDeg: ({ signals }: TrackedFace) => signals?.pose.rollDeg ?? NaN,
  gazeYawDeg: ({ signals }: TrackedFace) => signals?.gaze?.yawDeg ?? NaN,
  gazePitchDeg: ({ signals }: TrackedFace) => signals?.gaze?.pitchDeg ?? NaN,
  eyeLeft: ({ signals }: TrackedFace) => signals?.eyes.left ?? NaN,
  eyeRight: ({ signals }: TrackedFace) => signals?.eyes.right ?? NaN,
  mouthOpening: ({ signals }: TrackedFace) => signals?.mouth.opening ?? NaN,
  mouthWidth: ({ signals }: TrackedFace) => signals?.mouth.width ?? NaN,
} as const;

export type Measure = keyof typeof measures;

export const measureNames = Object.keys(measures) as Measure[];

export interface Strip {
  readonly id: string;
  readonly label: string;
  readonly lines: readonly { readonly measure: Measure; readonly label: string }[];
}

export const strips: readonly Strip[] = [
  {
    id: 'pose',
    label: 'Head pose, °',
    lines: [
      { measure: 'yawDeg', label: 'Yaw' },
      { measure: 'pitchDeg', label: 'Pitch' },
      { measure: 'rollDeg', label: 'Roll' },
    ],
  },
  {
    id: 'eyes',
    label: 'Eyes, opening',
    lines: [
      { measure: 'eyeLeft', label: 'Left' },
      { measure: 'eyeRight', label: 'Right' },
    ],
  },
  {
    id: 'gaze',
    label: 'Gaze, °',
    lines: [
      { measure: 'gazeYawDeg', label: 'Yaw' },
      { measure: 'gazePitchDeg', label: 'Pitch' },
    ],
  },
  {
    id: 'mouth',
    label: 'Mouth',
    lines: [
      { measure: 'mouthOpening', label: 'Opening' },
      { measure: 'mouthWidth', label: 'Width' },
    ],
  },
  {
    id: 'spread',
    label: 'Spread, % of the face',
    lines: [{ measure: 'spreadPct', label: 'Spread' }],
  },
];
