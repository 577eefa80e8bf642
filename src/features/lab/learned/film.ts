/** The film of how a network learned, as training/mien/learning_film.py writes it. */

import * as v from 'valibot';
import { modelsCache } from '../../../shared/addresses';

const bytesOf = (text: string) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const base64 = v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]*={0,2}$/, 'base64'));
const count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(4096));

const schema = v.object({
  formatVersion: v.literal(1),
  scheme: v.string(),
  pointCount: count,
  sample: v.literal('astronaut.png'),
  toSample: v.pipe(v.array(v.number()), v.length(6)),
  epochs: v.pipe(v.array(v.pipe(v.number(), v.integer(), v.minValue(0))), v.minLength(1), v.maxLength(1000)),
  ofEpochs: v.number(),
  pointRange: v.tuple([v.number(), v.number()]),
  points: base64,
  maps: v.optional(
    v.object({
      points: v.array(v.pipe(v.number(), v.integer(), v.minValue(0))),
      width: count,
      height: count,
      cells: base64,
    }),
  ),
});

/** Heatmaps of some points after one epoch, each stretched to its own highest cell. */
export interface FilmMaps {
  /** Indices of the points that have one. */
  readonly points: readonly number[];
  readonly width: number;
  readonly height: number;
  /** Epoch after epoch, map after map, row by row. */
  readonly cells: Uint8Array;
}

export interface LearningFilm {
  readonly epochs: readonly number[];
  /** How many epochs the run had. */
  readonly ofEpochs: number;
  readonly pointCount: number;
  /** Crop units to px of the sample, in the order of `Affine`. */
  readonly toSample: readonly number[];
  /** Points after each epoch, crop units. */
  readonly points: readonly Float32Array[];
  readonly maps: FilmMaps | null;
}

/** @throws Error naming the file and what is wrong with it */
export function parseFilm(json: unknown, file: string): LearningFilm {
  const parsed = v.safeParse(schema, json);
  if (!parsed.success) {
    const [{ message, path }] = parsed.issues;
    throw new Error(`${file}: ${path?.map(({ key }) => key).join('.') ?? 'the file'}: ${message}`);
  }
  const { epochs, ofEpochs, pointCount, toSample, maps, pointRange } = parsed.output;
  const bytes = bytesOf(parsed.output.points);
  const perEpoch = 2 * pointCount;
  if (bytes.length !== 2 * epochs.length * perEpoch)
    throw new Error(`${file}: points: ${bytes.length} bytes, wanted ${2 * epochs.length * perEpoch}`);
  const view = new DataView(bytes.buffer);
  const [low, high] = pointRange;
  const points = epochs.map((_, epoch) =>
    Float32Array.from(
      { length: perEpoch },
      (__, i) => low + ((high - low) * view.getUint16(2 * (epoch * perEpoch + i), true)) / 65535,
    ),
  );
  return {
    epochs,
    ofEpochs,
    pointCount,
    toSample,
    points,
    maps: maps ? mapsOf(maps, epochs.length, file) : null,
  };
}

function mapsOf(
  { points, width, height, cells }: { points: number[]; width: number; height: number; cells: string },
  epochCount: number,
  file: string,
): FilmMaps {
  const bytes = bytesOf(cells);
  const wanted = epochCount * points.length * width * height;
  if (bytes.length !== wanted) throw new Error(`${file}: maps: ${bytes.length} cells, wanted ${wanted}`);
  return { points, width, height, cells: bytes };
}

/**
 * Fetched when it is wanted, and kept with the models for when there is no network.
 * @param url of the file @throws Error naming it
 */
export async function loadFilm(url: string): Promise<LearningFilm> {
  const cache = await globalThis.caches?.open(modelsCache).catch(() => null);
  let response: Response | undefined;
  try {
    response = await fetch(url);
    if (response.ok) await cache?.put(url, response.clone()).catch(() => undefined);
  } catch (thrown) {
    response = await cache?.match(url);
    if (!response) throw new Error(`${url}: could not be fetched`, { cause: thrown });
  }
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return parseFilm(await response.json(), url);
}
