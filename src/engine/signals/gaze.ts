/**
 * Where one eye looks, from the middle of its iris: the iris lies on a small sphere about the point that the eye turns about,
 * which has a fixed place between the corners of the eye in the head's axes (`eyes` of `face.json`).
 */

import { pointAt, type Point } from '../geometry';
import type { Points } from '../types';
import { focalPx, type Camera } from './camera';
import { MEAN_FACE } from './face';
import type { Fit } from './fit';
import { inverse, rotate, sightRotation, type Vector } from './rotation';

export type Side = 'left' | 'right';

/** The middle of an iris, image px. */
export interface Iris extends Point {
  /** Expected distance of it from its true place, image px. */
  readonly spread: number;
}

/** What the eye network read in the picture of one eye. */
export interface ReadEye {
  /** The eye's six points in the order of the 68, image px. */
  readonly lids: Points<'image'>;
  /** Expected distance of these from their true places, over the size of the picture of the eye. */
  readonly lidSpread: number;
  /** Null where it is not seen: the eye is shut, covered or turned away. */
  readonly iris: Iris | null;
}

/** An eye whose iris was seen. */
export interface SeenEye {
  readonly iris: Iris;
  /** Of the eye, image px; the one on the left of an unmirrored picture first. */
  readonly corners: readonly [Point, Point];
}

/** @returns null where its iris was not seen. */
export function seenEye({ lids, iris }: ReadEye): SeenEye | null {
  return iris && { iris, corners: [pointAt(lids, 0), pointAt(lids, 3)] };
}

/** A direction by two angles, as `HeadPose` has them: (0, 0) is the z axis. */
export interface Look {
  readonly yawDeg: number;
  readonly pitchDeg: number;
}

/** The person's own, from left to right in an unmirrored picture. */
export const EYE_CORNERS = { left: [42, 45], right: [36, 39] } as const;

/** From an eye's corners' middle to where it turns about, in the mean face, cm. */
const INTO_EYE = { left: intoEye('left'), right: intoEye('right') };
/** An iris further from the eye's middle, over the sphere's radius, than one turned so far has is not taken at its word: */
const TRUSTED_RAD = (50 * Math.PI) / 180;
/** it may turn the eye by so much more at most. No eye turns further than some 55° in its socket. */
const DOUBTED_RAD = (15 * Math.PI) / 180;

function intoEye(eye: Side): Vector {
  const { across, up, forward } = MEAN_FACE.eyes;
  const [x, y, z] = middleOf(MEAN_FACE.mean, eye);
  return [(eye === 'left' ? across : -across) - x, up - y, forward - z];
}

function middleOf(shape: ArrayLike<number>, eye: Side): Vector {
  const [one, other] = EYE_CORNERS[eye];
  const middle = (axis: number) => (shape[3 * one + axis] + shape[3 * other + axis]) / 2;
  return [middle(0), middle(1), middle(2)];
}

/** What turns an eye's angles in one frame: between the head, the camera and the line of sight to it. */
export interface EyeView {
  /** Where the eye looks in the head's axes. */
  readonly inHead: Look;
  /** Where it would look in the head's axes if it looked into the camera. */
  readonly cameraInHead: Look;
  /** An angle in the head's axes, relative to the line of sight from the camera to the eye. */
  toSight(inHead: Look): Look;
}

/** The eye is where its corners are seen beside its iris, so that neither an error of the fit nor of the 68 points turns it. */
export function viewOfEye(eye: Side, { iris, corners: seen }: SeenEye, camera: Camera, fit: Fit): EyeView {
  const { rotation, translation: t } = fit;
  const focal = focalPx(camera);
  const rayTo = ({ x, y }: Point): Vector => [
    (x - camera.width / 2) / focal,
    (camera.height / 2 - y) / focal,
    -1,
  ];
  const corners = EYE_CORNERS[eye].map((i) => cornerOf(fit, i));
  const middle = corners.reduce((sum, corner) => plus(sum, corner, 0.5), [0, 0, 0] as Vector);
  const ball = rotate(rotation, ...plus(middle, INTO_EYE[eye]));
  let centre: Vector = [ball[0] + t[0], ball[1] + t[1], ball[2] + t[2]];
  corners.forEach((corner, k) => {
    const fitted = plus(rotate(rotation, ...corner), [t[0], t[1], t[2]]);
    const ray = rayTo(seen[k]);
    centre = plus(centre, plus(scaled(ray, -fitted[2]), fitted, -1), 0.5);
  });
  const direction = directionTo(rayTo(iris), centre);
  const toHead = inverse(rotation);
  const axis = lookOf(rotate(toHead, ...direction));
  const { outwardDeg, upwardDeg } = MEAN_FACE.eyes;
  const rightwardDeg = eye === 'left' ? outwardDeg : -outwardDeg;
  const toSight = inverse(sightRotation(centre));
  return {
    inHead: { yawDeg: axis.yawDeg - rightwardDeg, pitchDeg: axis.pitchDeg - upwardDeg },
    cameraInHead: lookOf(rotate(toHead, ...scaled(centre, -1))),
    toSight: (inHead) => lookOf(rotate(toSight, ...rotate(rotation, ...vectorOf(inHead)))),
  };
}

/** Point `i` of the fitted face, in the head's axes. */
function cornerOf({ modes }: Fit, i: number): Vector {
  const at = (axis: number) =>
    MEAN_FACE.modes.reduce(
      (sum, mode, k) => sum + modes[k] * mode[3 * i + axis],
      MEAN_FACE.mean[3 * i + axis],
    );
  return [at(0), at(1), at(2)];
}

/** From the sphere's centre to where the ray from the camera meets it; a ray that misses it turns the eye smoothly to its most. */
function directionTo(ray: Vector, centre: Vector): Vector {
  const sight = scaled(ray, 1 / Math.hypot(...ray));
  const along = dot(sight, centre);
  const off = plus(scaled(sight, along), centre, -1);
  const distance = Math.hypot(...off);
  const angle = turnOf(distance / MEAN_FACE.eyes.radius);
  const aside = distance > 0 ? Math.sin(angle) / distance : 0;
  return plus(scaled(off, aside), sight, -Math.cos(angle));
}

/** The angle of that sine; beyond what is trusted it grows on ever more slowly. */
function turnOf(sine: number): number {
  const trusted = Math.sin(TRUSTED_RAD);
  if (sine <= trusted) return Math.asin(sine);
  const slope = 1 / Math.cos(TRUSTED_RAD);
  return TRUSTED_RAD + DOUBTED_RAD * Math.tanh((slope * (sine - trusted)) / DOUBTED_RAD);
}

/** Of both eyes: each counts by how certain it is. */
export function meanLook(looks: readonly (Look & { readonly spread: number })[]): Look {
  let [sum, yawDeg, pitchDeg] = [0, 0, 0];
  for (const look of looks) {
    const weight = 1 / look.spread ** 2;
    sum += weight;
    yawDeg += weight * look.yawDeg;
    pitchDeg += weight * look.pitchDeg;
  }
  return { yawDeg: yawDeg / sum, pitchDeg: pitchDeg / sum };
}

export function lookOf([x, y, z]: Vector): Look {
  const degrees = 180 / Math.PI;
  return { yawDeg: degrees * Math.atan2(x, z), pitchDeg: degrees * Math.atan2(y, Math.hypot(x, z)) };
}

export function vectorOf({ yawDeg, pitchDeg }: Look): Vector {
  const [yaw, pitch] = [(yawDeg * Math.PI) / 180, (pitchDeg * Math.PI) / 180];
  return [Math.sin(yaw) * Math.cos(pitch), Math.sin(pitch), Math.cos(yaw) * Math.cos(pitch)];
}

const scaled = ([x, y, z]: Vector, by: number): Vector => [by * x, by * y, by * z];
const plus = ([x, y, z]: Vector, other: Vector, share = 1): Vector => [
  x + share * other[0],
  y + share * other[1],
  z + share * other[2],
];
const dot = (one: Vector, other: Vector): number => one[0] * other[0] + one[1] * other[1] + one[2] * other[2];
