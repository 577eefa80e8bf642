/** The engine on the project's own clips, frame by frame, against the motion that made them. */
import { apply, invert, meanDistance } from '../../../src/engine/geometry';
import type { Affine, Face, Points } from '../../../src/engine/types';
import {
  awayPx,
  CLIP,
  drawEmpty,
  drawPose,
  frameTimeMs,
  LEAVES_MS,
  LEAVING_FACE,
  ONE_FACE,
  PASSING,
  passingPoses,
  poseAt,
  shifted,
  STAYING_FACE,
} from '../../fixtures/motion';
import { engine } from './engine';
import { createCanvas, loadPortrait } from './pictures';

type Pose = Affine<'image', 'image'>;
/** Radius of a face's disc where two share a frame, px of the portrait. */
const DISC_PX = 105;

function eyeDistancePx(points: Points<'image'>): number {
  const { id, normalisingPair } = engine().info.manifest.scheme;
  if (!normalisingPair) throw new Error(`scheme ${id}: has no eye distance`);
  const [i, j] = normalisingPair;
  return Math.hypot(points[2 * i] - points[2 * j], points[2 * i + 1] - points[2 * j + 1]);
}

/** Draws a frame; without poses it is empty. */
async function drawFrame(poses: readonly Pose[], radius = Infinity): Promise<OffscreenCanvas> {
  const [canvas, context] = createCanvas(CLIP.width, CLIP.height);
  drawEmpty(context);
  const portrait = await loadPortrait();
  for (const pose of poses) drawPose(context, portrait, pose, radius);
  return canvas;
}

const clipPoses = (frame: number): Pose[] =>
  frame < CLIP.faceFrames ? [poseAt(ONE_FACE, frameTimeMs(frame))] : [];

/** Frame of the clip of one face as JPEG in base64, for a fake camera. */
export async function makeClip(frame: number): Promise<string> {
  const canvas = await drawFrame(clipPoses(frame));
  const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.95 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}

/** The engine's points on the first frame of a motion, in px of the portrait. @throws unless it sees one face. */
async function stillPoints(pose: Pose): Promise<Points<'image'>> {
  // The face is large; what a search for small ones finds beside it is another test's matter.
  const { faces } = await engine().detect(await drawFrame([pose]), { thorough: false });
  if (faces.length !== 1) throw new Error(`first frame of the clip: ${faces.length} faces seen, not 1`);
  return apply(invert(pose), faces[0].points);
}

async function track(canvas: OffscreenCanvas, timeMs: number): Promise<readonly Face[]> {
  const result = await engine().track(canvas.transferToImageBitmap(), timeMs);
  if (!result) throw new Error(`frame at ${timeMs} ms was dropped although none was in flight`);
  return result.faces;
}

/** Distance of a face from where the truth has it, % of the inter-ocular distance. */
const errorPct = (face: Face, truth: Points<'image'>): number =>
  (100 * meanDistance(face.points, truth)) / eyeDistancePx(truth);

export interface ClipFrame {
  readonly timeMs: number;
  readonly ids: readonly number[];
  /** Of the nearest face; null where none was seen or none is there. */
  readonly errorPct: number | null;
}

/**
 * Tracks the clip of one face and the empty frames after it; the engine starts without tracks.
 * @param count frames, from the first
 */
export async function trackClip(count: number): Promise<ClipFrame[]> {
  const still = await stillPoints(poseAt(ONE_FACE, 0));
  await engine().reset();
  const frames: ClipFrame[] = [];
  for (let frame = 0; frame < count; frame++) {
    const timeMs = frameTimeMs(frame);
    const poses = clipPoses(frame);
    const faces = await track(await drawFrame(poses), timeMs);
    const errors = poses.flatMap((pose) => faces.map((face) => errorPct(face, apply(pose, still))));
    const nearest = errors.length > 0 ? Math.min(...errors) : null;
    frames.push({ timeMs, ids: faces.map(({ id }) => id), errorPct: nearest });
  }
  return frames;
}

export interface TwoFacesFrame {
  readonly timeMs: number;
  /** Id of the face that stands where the staying and the leaving one do; null where none does. */
  readonly staying: number | null;
  readonly leaving: number | null;
  readonly faces: number;
}

/** A face counts as being where the truth has it within this share of the inter-ocular distance. */
const NEAR_PCT = 15;

/** Tracks two faces of which one leaves the frame and comes back; wants an engine with two faces at least. */
export async function trackTwo(): Promise<TwoFacesFrame[]> {
  const stills = [
    await stillPoints(poseAt(STAYING_FACE, 0)),
    await stillPoints(poseAt(LEAVING_FACE, 0)),
  ] as const;
  await engine().reset();
  const frames: TwoFacesFrame[] = [];
  for (let frame = 0; frameTimeMs(frame) < LEAVES_MS.end; frame++) {
    const timeMs = frameTimeMs(frame);
    const poses = [
      poseAt(STAYING_FACE, timeMs),
      shifted(poseAt(LEAVING_FACE, timeMs), awayPx(timeMs)),
    ] as const;
    const faces = await track(await drawFrame(poses, DISC_PX), timeMs);
    const [staying, leaving] = poses.map(
      (pose, i) => faces.find((face) => errorPct(face, apply(pose, stills[i])) < NEAR_PCT)?.id ?? null,
    );
    frames.push({ timeMs, staying, leaving, faces: faces.length });
  }
  return frames;
}

/** Radius of the discs of two faces that pass each other: they come close and hide nothing of each other's face. */
const PASSING_DISC_PX = 68;

/** Ids of the faces where the two that pass each other are, frame by frame; wants an engine with two faces at least. */
export async function trackPassing(): Promise<(readonly [number | null, number | null])[]> {
  const [first] = passingPoses(0);
  const still = await stillPoints(first);
  await engine().reset();
  const frames: [number | null, number | null][] = [];
  for (let frame = 0; frameTimeMs(frame) <= PASSING.endMs; frame++) {
    const timeMs = frameTimeMs(frame);
    const poses = passingPoses(timeMs);
    const faces = await track(await drawFrame(poses, PASSING_DISC_PX), timeMs);
    const idAt = (pose: Pose) =>
      faces.find((face) => errorPct(face, apply(pose, still)) < NEAR_PCT)?.id ?? null;
    frames.push([idAt(poses[0]), idAt(poses[1])]);
  }
  return frames;
}
