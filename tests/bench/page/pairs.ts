/** Two faces cheek to cheek, composed here and handed to the engine: as a photo, and as a still before the camera. */
import { drawPair, type Pair } from '../../fixtures/pairs';
import { engine } from './engine';
import { createCanvas, loadPicture } from './pictures';

interface Seen {
  readonly id: number;
  readonly points: readonly number[];
  readonly score: number;
}

export interface PairSeen {
  /** `detect`. */
  readonly found: readonly Seen[];
  readonly ms: number;
  /** `track`, frame by frame at `FRAMES_MS`. */
  readonly tracked: readonly (readonly Seen[])[];
}

/** The last frames come after the tracker has searched for newcomers once more. */
const FRAMES_MS = [0, 33, 66, 1100, 1133] as const;

/** Wants an engine of two faces at least. */
export async function detectPair(pair: Pair): Promise<PairSeen> {
  const canvas = await composePair(pair);
  const start = performance.now();
  const { faces } = await engine().detect(canvas);
  const ms = performance.now() - start;
  await engine().reset();
  const tracked: Seen[][] = [];
  for (const timeMs of FRAMES_MS) {
    const result = await engine().track(await createImageBitmap(canvas), timeMs);
    tracked.push((result?.faces ?? []).map(toSeen));
  }
  return { found: faces.map(toSeen), ms, tracked };
}

const toSeen = ({ id, points, score }: { id: number; points: Float32Array; score: number }): Seen => {
  return { id, points: [...points], score };
};

/** `track` over frames, one every 33 ms. */
export async function trackPairs(frames: readonly Pair[]): Promise<Seen[][]> {
  await engine().reset();
  const tracked: Seen[][] = [];
  for (const [i, pair] of frames.entries()) {
    const canvas = await composePair(pair);
    const result = await engine().track(canvas.transferToImageBitmap(), i * FRAMES_MS[1]);
    tracked.push((result?.faces ?? []).map(toSeen));
  }
  return tracked;
}

/** The pair as a JPEG in base64, to look at. */
export async function pairPicture(pair: Pair): Promise<string> {
  const blob = await (await composePair(pair)).convertToBlob({ type: 'image/jpeg', quality: 0.9 });
  const bytes = new Uint8Array(await blob.arrayBuffer());
  return btoa(bytes.reduce((text, byte) => text + String.fromCharCode(byte), ''));
}

async function composePair(pair: Pair): Promise<OffscreenCanvas> {
  const [canvas, context] = createCanvas(pair.width, pair.height);
  const wanted = [...pair.faces, ...pair.backdrop.patches].map(({ portrait }) => portrait);
  const portraits = new Map<number, ImageBitmap>();
  try {
    for (const portrait of new Set(wanted))
      portraits.set(portrait, await loadPicture(`pictures/${portrait}`));
    drawPair(context, pair, portraits);
    return canvas;
  } finally {
    portraits.forEach((bitmap) => bitmap.close());
  }
}
