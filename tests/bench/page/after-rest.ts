/** What the engine tells of a face once it knows the same person's look at rest, from another picture. */
import type { Signals } from '../../../src/engine/types';
import { boxOfPoints, findLabelled } from '../labelled-face';
import { engine } from './engine';
import { createCanvas, loadPicture } from './pictures';

/** A face in a picture, which its points were found in. */
export interface FoundFace {
  readonly url: string;
  readonly points: readonly number[];
}

export interface ToldFace {
  readonly points: readonly number[];
  readonly signals: Signals | null;
}

export interface AfterRest {
  readonly width: number;
  readonly height: number;
  /** In a still, so that the look at rest is the mean face's; null where it was not found. */
  readonly still: ToldFace | null;
  /** In a track of the person's face at rest, which it is calibrated by; null where the track was lost. */
  readonly calibrated: (ToldFace & { readonly rest: readonly number[] }) | null;
}

/** The frame, and how large the face is in it: as before a webcam. */
const FRAME = { width: 640, height: 480 };
const FACE_PX = 220;
const MIDDLE = { x: FRAME.width / 2, y: FRAME.height / 2, size: FACE_PX };

/** The face at rest is seen and calibrated by for a second, then the other takes its place, until its crop has settled. */
const FOUND_MS = 0;
const REST_MS = [40, 240, 440, 640, 840, 1020];
const FACE_MS = [1060, 1100, 1140, 1180, 1220, 1260];

/** Wants an engine with `signals` and no `smoothing`. */
export async function tellAfterRest(rest: FoundFace, face: FoundFace): Promise<AfterRest> {
  const [atRest, now] = [await compose(rest), await compose(face)];
  const { faces } = await engine().detect(now);
  const still = findLabelled(faces, MIDDLE);
  await engine().reset();
  const track = async (frame: OffscreenCanvas, timeMs: number) => {
    const result = await engine().track(await createImageBitmap(frame), timeMs);
    return findLabelled(result?.faces ?? [], MIDDLE);
  };
  await track(atRest, FOUND_MS);
  await engine().calibrate();
  const calm = await trackAll(REST_MS.map((timeMs) => () => track(atRest, timeMs)));
  const last = await trackAll(FACE_MS.map((timeMs) => () => track(now, timeMs)));
  const isSame = calm && last && calm.id === last.id;
  return {
    ...FRAME,
    still: still && toTold(still),
    calibrated: isSame ? { ...toTold(last), rest: [...calm.points] } : null,
  };
}

/** @returns what the last one finds. */
async function trackAll<T>(steps: readonly (() => Promise<T | null>)[]): Promise<T | null> {
  let last: T | null = null;
  for (const step of steps) last = await step();
  return last;
}

const toTold = ({ points, signals }: { points: ArrayLike<number>; signals?: Signals }): ToldFace => ({
  points: Array.from(points),
  signals: signals ?? null,
});

/** The picture, its face in the middle of the frame and as large as all are. */
async function compose({ url, points }: FoundFace): Promise<OffscreenCanvas> {
  const [canvas, context] = createCanvas(FRAME.width, FRAME.height);
  const picture = await loadPicture(url);
  try {
    const box = boxOfPoints(points);
    const scale = FACE_PX / box.side;
    context.imageSmoothingQuality = 'high';
    context.setTransform(scale, 0, 0, scale, MIDDLE.x - scale * box.x, MIDDLE.y - scale * box.y);
    context.drawImage(picture, 0, 0);
    return canvas;
  } finally {
    picture.close();
  }
}
