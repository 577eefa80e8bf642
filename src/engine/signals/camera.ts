/** The pinhole camera: picture px to lines of sight, and the virtual camera that is turned to a face. */

import type { Points } from '../types';
import { rotate, inverse, sightRotation, type Rotation } from './rotation';

/** A picture and the angle across its longer side; the line of sight pierces its middle. */
export interface Camera {
  readonly width: number;
  readonly height: number;
  readonly fieldOfViewDeg: number;
}

/** What a camera of focal length 1 at the same place sees that looks at the middle of a face. */
export interface FaceView {
  /** u0, v0, u1, …; v up. */
  readonly flat: Float64Array;
  /** From its axes to those of the camera. */
  readonly toCamera: Rotation;
  /** Units of `flat` for a px. */
  readonly perPx: number;
  /** √(area) of the box of `flat`. */
  readonly size: number;
}

export function focalPx({ width, height, fieldOfViewDeg }: Camera): number {
  return Math.max(width, height) / 2 / Math.tan((fieldOfViewDeg * Math.PI) / 360);
}

/**
 * At the edge of a wide picture a face is stretched; the virtual camera sees it as it were in the middle. A point that is
 * missing (NaN) is NaN there too.
 */
export function viewOfFace(points: Points<'image'>, camera: Camera): FaceView {
  const focal = focalPx(camera);
  const [cx, cy] = [camera.width / 2, camera.height / 2];
  const [left, right, bottom, top] = rangesOf(points.map((value, i) => (i % 2 ? cy - value : value - cx)));
  const toCamera = sightRotation([(left + right) / 2 / focal, (bottom + top) / 2 / focal, -1]);
  const back = inverse(toCamera);
  const flat = new Float64Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    const [x, y, z] = rotate(back, (points[i] - cx) / focal, (cy - points[i + 1]) / focal, -1);
    flat[i] = x / -z;
    flat[i + 1] = y / -z;
  }
  const [u0, u1, v0, v1] = rangesOf(flat);
  return { flat, toCamera, perPx: 1 / focal, size: Math.sqrt((u1 - u0) * (v1 - v0)) };
}

/** Of the points that are there. */
function rangesOf(points: ArrayLike<number>): [number, number, number, number] {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    if (Number.isNaN(points[i] + points[i + 1])) continue;
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    low = Math.min(low, points[i + 1]);
    high = Math.max(high, points[i + 1]);
  }
  return [left, right, low, high];
}
