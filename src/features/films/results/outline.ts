/** Frames without their points: the little that the player needs of all frames of a film at once, in columns. */

import { boxOf } from '../../../engine/geometry';
import type { Blink, Box } from '../../../engine/types';
import type { TrackedFrame } from '../types';
import { measureNames, measures, type Measure } from './measures';

export interface TrackBlink extends Blink {
  readonly track: number;
  readonly frame: number;
}

/** Of frames that follow each other. */
export interface Outline {
  readonly firstFrame: number;
  /** Of each frame: its time, ms, its shot, and how many faces it has. */
  readonly times: Float64Array;
  readonly shots: Uint32Array;
  readonly faceCounts: Uint32Array;
  /** Of each face, frame by frame: its track, and x, y, width and height of its box. */
  readonly tracks: Uint32Array;
  readonly boxes: Float64Array;
  /** Of each face; NaN where it was not measured. Outlines made before there was a measure lack it. */
  readonly values: Readonly<Partial<Record<Measure, Float64Array>>>;
  readonly blinks: readonly TrackBlink[];
  readonly hasSignals: boolean;
  /** Names of the movements that are told. */
  readonly expressions: readonly string[];
}

/** @param frames at least one */
export function outlineOf(frames: readonly TrackedFrame[]): Outline {
  const faces = frames.flatMap((frame) => frame.faces);
  const boxes = faces.map(({ points }) => boxOf(points));
  const told = faces.flatMap(({ signals }) => signals ?? []);
  return {
    firstFrame: frames[0].index,
    times: Float64Array.from(frames, ({ timeMs }) => timeMs),
    shots: Uint32Array.from(frames, ({ shot }) => shot),
    faceCounts: Uint32Array.from(frames, (frame) => frame.faces.length),
    tracks: Uint32Array.from(faces, ({ track }) => track),
    boxes: Float64Array.from(boxes.flatMap(({ x, y, width, height }) => [x, y, width, height])),
    values: Object.fromEntries(measureNames.map((name) => [name, Float64Array.from(faces, measures[name])])),
    blinks: frames.flatMap(({ index, faces }) =>
      faces.flatMap(({ track, signals }) =>
        (signals?.blinks ?? []).map((blink) => ({ ...blink, track, frame: index })),
      ),
    ),
    hasSignals: told.length > 0,
    expressions: [...new Set(told.flatMap(({ expression }) => Object.keys(expression)))],
  };
}

export const boxAt = ({ boxes }: Outline, face: number): Box<'image'> => ({
  ...{ x: boxes[4 * face], y: boxes[4 * face + 1] },
  ...{ width: boxes[4 * face + 2], height: boxes[4 * face + 3] },
});
