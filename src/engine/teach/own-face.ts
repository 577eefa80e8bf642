/**
 * "My face": what to add to the base's points for one person. The addition is the mean correction, shrunk, in the upright crop. It
 * counts in full for faces whose encoder sees as in the corrected pictures, and not at all beyond `FAR`: other people's points stay
 * as they are.
 */

import type { LearnReport, Points } from '../types';
import type { CropFeatures } from './features';
import type { Maps } from './maps';
import { meanOf, reportOf } from './report';

export interface OwnFaceHead {
  readonly kind: 'my-face';
  /** The encoder's node that tells the person: its finest stage. */
  readonly nodes: readonly [string];
  /** The stage's means over the crop for this person, one per channel. */
  readonly identity: Float32Array;
  /** How far pictures of the person lie from the mean of the others, typically. */
  readonly radius: number;
  /** (points, 2): what is added, crop units. */
  readonly shift: Float32Array;
}

/** A corrected picture. */
export interface CorrectedFace {
  readonly identity: Float32Array;
  readonly base: Points<'crop'>;
  /** NaN where nobody corrected the point. */
  readonly marked: Points<'crop'>;
}

/** Distances from the person, in radii: the addition fades between them. As measured with `npm run teach -- my-face`. */
const NEAR = 1.5;
const FAR = 2.25;
/** The mean of n corrections counts n / (n + this): few may be careless. */
const SHRINKING = 2;

/** What tells a person in the finest maps: the channels' means. */
export function identityOf({ channels, values }: Maps): Float32Array {
  const means = new Float32Array(channels);
  const cells = values.length / channels;
  for (let i = 0; i < values.length; i++) means[i % channels] += values[i] / cells;
  return means;
}

export function applyOwnFace(head: OwnFaceHead, { base, maps }: CropFeatures): Points<'crop'> {
  return corrected(head, base, identityOf(maps[0]));
}

function corrected(
  { identity, radius, shift }: Omit<OwnFaceHead, 'kind' | 'nodes'>,
  base: Points<'crop'>,
  seen: Float32Array,
): Points<'crop'> {
  const weight = Math.min(Math.max((FAR - distance(seen, identity) / radius) / (FAR - NEAR), 0), 1);
  return base.map((value, i) => value + weight * shift[i]);
}

/**
 * @param faces two or more.
 * @param pctPerUnit % of the larger side of the face's box that one crop unit is.
 */
export function learnOwnFace(
  faces: readonly CorrectedFace[],
  node: string,
  pctPerUnit: number,
): { readonly head: OwnFaceHead; readonly report: LearnReport } {
  const count = faces[0].base.length / 2;
  const without = faces.map((_, left) => faces.filter((_, i) => i !== left));
  const errors = Array.from({ length: count }, (_, p) =>
    faces.flatMap(({ base, marked, identity }, picture) => {
      if (Number.isNaN(marked[2 * p])) return [];
      const errorOf = (others: readonly CorrectedFace[]) =>
        pointDistance(corrected(fit(others), base, identity), marked, p);
      const plainError = pointDistance(base, marked, p);
      const half = without[picture].slice(0, Math.ceil(without[picture].length / 2));
      return [{ picture, error: errorOf(without[picture]), shift: 0, fewerError: errorOf(half), plainError }];
    }),
  );
  const marks = Array.from(
    { length: count },
    (_, p) => faces.filter(({ marked }) => !Number.isNaN(marked[2 * p])).length,
  );
  const head: OwnFaceHead = { kind: 'my-face', nodes: [node], ...fit(faces) };
  return { head, report: reportOf(errors, faces.length, marks, pctPerUnit) };
}

function fit(faces: readonly CorrectedFace[]): Omit<OwnFaceHead, 'kind' | 'nodes'> {
  const identity = meanIdentity(faces);
  const distances = faces.map((face) =>
    faces.length > 1 ? distance(face.identity, meanIdentity(faces.filter((other) => other !== face))) : 0,
  );
  const shift = faces[0].base.map((_, i) => {
    const added = faces.flatMap(({ base, marked }) => (Number.isNaN(marked[i]) ? [] : [marked[i] - base[i]]));
    return added.reduce((sum, value) => sum + value, 0) / (added.length + SHRINKING);
  });
  return { identity, radius: meanOf(distances) + Number.EPSILON, shift };
}

function meanIdentity(faces: readonly CorrectedFace[]): Float32Array {
  return faces[0].identity.map((_, channel) => meanOf(faces.map(({ identity }) => identity[channel])));
}

function distance(one: Float32Array, other: Float32Array): number {
  return Math.sqrt(one.reduce((sum, value, i) => sum + (value - other[i]) ** 2, 0));
}

const pointDistance = (one: Points<'crop'>, other: Points<'crop'>, p: number) =>
  Math.hypot(one[2 * p] - other[2 * p], one[2 * p + 1] - other[2 * p + 1]);
