/** Teaching for `npm run teach`: learns from annotated pictures, and finds the taught points and the base's in others. */
import { createEngine, taughtSource, type Engine } from '../../../src/engine';
import type { LearnReport } from '../../../src/engine/types';
import type { LearnProgress, TaughtScheme } from '../../../src/engine/teach-types';
import type { Box, Face, ModelSource } from '../../../src/engine/types';
import { engine } from './engine';
import { loadPicture } from './pictures';

/** An annotated picture: points two values each, null where nobody placed them. */
export interface AnnotatedPicture {
  readonly url: string;
  readonly points: readonly (number | null)[];
  /** Of the true points. */
  readonly box: Box<'image'>;
}

export interface LearnedRow {
  readonly report: LearnReport;
  readonly ms: number;
  /** Of them, until all pictures were read. */
  readonly readMs: number;
  readonly fileBytes: number;
}

let taught: Engine | null = null;

const toPoints = (values: readonly (number | null)[]) => Float32Array.from(values, (value) => value ?? NaN);

/** The face whose box's centre is nearest to the true one's, or null where none overlaps it. */
function faceAt(faces: readonly Face[], { x, y, width, height }: Box<'image'>): Face | null {
  const distance = ({ box }: Face) =>
    Math.hypot(box.x + box.width / 2 - x - width / 2, box.y + box.height / 2 - y - height / 2);
  const nearest = [...faces].sort((one, other) => distance(one) - distance(other))[0];
  return nearest && distance(nearest) < Math.max(width, height) / 2 ? nearest : null;
}

const bases = new Map<string, Promise<number[] | null>>();

/** The base's points of a picture, found as the app finds them; null where it misses the face. Found once each. */
export function findBase({ url, box }: AnnotatedPicture): Promise<number[] | null> {
  const known = bases.get(url) ?? findIn(engine(), url, box).then((face) => face && [...face.points]);
  bases.set(url, known);
  return known;
}

async function findIn(on: Engine, url: string, box: Box<'image'>): Promise<Face | null> {
  const image = await loadPicture(url);
  try {
    return faceAt((await on.detect(image, { thorough: false })).faces, box);
  } finally {
    image.close();
  }
}

/** Learns from the pictures in which the base finds the face, and opens the taught model. */
export async function teach(
  kind: 'points' | 'my-face',
  scheme: TaughtScheme | null,
  pictures: readonly AnnotatedPicture[],
  without: readonly number[],
): Promise<LearnedRow> {
  const found = await Promise.all(
    pictures.map(async (picture) => ({ picture, landmarks: await findBase(picture) })),
  );
  const marked = found.flatMap(({ picture: { url, points }, landmarks }) =>
    landmarks
      ? [
          {
            picture: () => loadPicture(url),
            at: { landmarks: Float32Array.from(landmarks) },
            points: toPoints(points),
          },
        ]
      : [],
  );
  const startMs = performance.now();
  let readMs = 0;
  const onProgress = ({ kind: step }: LearnProgress) => {
    if (step === 'pictures') readMs = performance.now() - startMs;
  };
  const { file, report } = await engine().learn({ kind, scheme, marked, without }, { onProgress });
  const ms = performance.now() - startMs;
  await openTaught(taughtSource(file));
  return { report, ms, readMs, fileBytes: file.length };
}

async function openTaught(model: ModelSource): Promise<void> {
  await taught?.dispose();
  taught = await createEngine({ model, backend: engine().info.backend });
}

/** The taught points of a picture and their spread, px; null where the face is missed. */
export async function findTaught({
  url,
  box,
}: AnnotatedPicture): Promise<{ readonly points: number[]; readonly spread: number[] } | null> {
  if (!taught) throw new Error('bench page: nothing was taught');
  const face = await findIn(taught, url, box);
  return face && { points: [...face.points], spread: [...(face.spread ?? [])] };
}
