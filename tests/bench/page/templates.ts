/**
 * Templates in feature space, for `npm run teach -- templates`: a point is sought where the encoder's features are most like those
 * at its marks. Mien does not ship it; it is measured beside what it does.
 */
import { applyToPoint, apply, cropOfPoints, invert } from '../../../src/engine/geometry';
import { leadingEyes } from '../../../src/engine/model/manifest';
import { encoderNodes, readAt, type Maps } from '../../../src/engine/teach/maps';
import { addSample, applyRidge, createMoments, solveRidge } from '../../../src/engine/teach/moments';
import type { Points } from '../../../src/engine/types';
import { engine } from './engine';
import { loadPicture } from './pictures';
import { findBase, type AnnotatedPicture } from './teach';

/** Where a point is taken to be before it is sought: anywhere, about its mean place, or about a ridge regression's guess. */
export const PRIORS = ['none', 'mean place', 'guess'] as const;
export type Prior = (typeof PRIORS)[number];
type Place = readonly [number, number];

/** Of the encoder's stages the three finest, as the correction that ships reads. */
const STAGES_READ = 3;
/** Of the soft-argmax over cosines; the best on left-out pictures that are learned from is taken. */
const TEMPERATURES = [0.01, 0.02, 0.05, 0.1, 0.2];
/** As of the guess that ships. */
const RIDGE = 0.1;
/** Least width of a prior, crop units: half a cell of the finest stage. */
const LEAST_DEVIATION = 1 / 64;

/** One picture's crop. */
interface Seen {
  readonly toImage: (place: Place) => Place;
  /** Cells each way of the finest stage. */
  readonly size: number;
  /** Of each of its cells all stages' features, (cells, length): of each stage less the mean over the cells, of length 1. */
  readonly cells: Float32Array;
  readonly length: number;
  /** The features at a place, made like those of cells. */
  readonly at: (place: Place) => Float32Array;
  /** The base's points that are not to be learned, crop units. */
  readonly base: Float32Array;
  /** The marks, crop units; null where nobody placed one. */
  readonly marks: readonly (Place | null)[];
}

interface PointTemplates {
  /** Sum of the features at its marks. */
  readonly sum: Float32Array;
  readonly mean: Place;
  readonly deviation: { readonly 'mean place': number; readonly guess: number };
}

interface Learned {
  readonly hidden: readonly number[];
  readonly points: readonly PointTemplates[];
  readonly guess: Float32Array;
  readonly temperature: Readonly<Record<Prior, number>>;
}

let nodes: readonly string[] | null = null;
let learned: Learned | null = null;

async function see({ url, box, points }: AnnotatedPicture, hidden: readonly number[]): Promise<Seen | null> {
  const found = await findBase({ url, box, points });
  if (!found) return null;
  const { manifest } = engine().info;
  if (!nodes) {
    const { stages } = await engine().network();
    nodes = encoderNodes(new Set(stages.flatMap((stage) => stage.nodes)), manifest.id).slice(0, STAGES_READ);
  }
  const landmarks: Points<'image'> = Float32Array.from(found);
  const crop = cropOfPoints(landmarks, leadingEyes(manifest)!, manifest);
  const image = await loadPicture(url);
  const { sheets } = await engine().inspect(image, crop, nodes);
  image.close();
  const maps = sheets.map(({ width, channels, cells, lows, highs }): Maps => {
    const values = new Float32Array(cells.length);
    const count = width * width;
    for (let c = 0; c < channels; c++)
      for (let i = 0; i < count; i++)
        values[i * channels + c] = lows[c] + (cells[c * count + i] / 255) * (highs[c] - lows[c]);
    return { size: width, channels, values };
  });
  const means = maps.map(meanOf);
  const length = maps.reduce((sum, { channels }) => sum + channels, 0);
  const at = ([x, y]: Place) => {
    const features = new Float32Array(length);
    let from = 0;
    maps.forEach((map, stage) => {
      readAt(map, x, y, features, from);
      const own = features.subarray(from, (from += map.channels));
      own.forEach((value, c) => (own[c] = value - means[stage][c]));
      normalise(own);
    });
    return features;
  };
  const { size } = maps[0];
  const cells = new Float32Array(size * size * length);
  for (let i = 0; i < size * size; i++) cells.set(at(placeOf(i, size)), i * length);
  const back = invert(crop);
  const inCrop = apply(crop, landmarks);
  const toPlace = (transform: typeof back | typeof crop, [x, y]: Place): Place => {
    const place = applyToPoint(transform, { x, y });
    return [place.x, place.y];
  };
  const isHidden = new Set(hidden);
  return {
    toImage: (place) => toPlace(back, place),
    ...{ size, cells, length, at },
    base: inCrop.filter((_, i) => !isHidden.has(i >> 1)),
    marks: hidden.map((_, p) => {
      const [x, y] = [points[2 * p], points[2 * p + 1]];
      return x === null || y === null ? null : toPlace(crop, [x, y]);
    }),
  };
}

const placeOf = (cell: number, size: number): Place => [
  ((cell % size) + 0.5) / size,
  (Math.floor(cell / size) + 0.5) / size,
];

function meanOf({ channels, values }: Maps): Float32Array {
  const mean = new Float32Array(channels);
  values.forEach((value, i) => (mean[i % channels] += (value * channels) / values.length));
  return mean;
}

function normalise(vector: Float32Array): void {
  const norm = Math.hypot(...vector);
  if (norm > 0) vector.forEach((value, i) => (vector[i] = value / norm));
}

/** Of each cell the mean cosine over the stages with the template, −1..1. */
function similarities({ cells, length }: Seen, sum: Float32Array): Float32Array {
  const template = sum.slice();
  normalise(template);
  const scale = 1 / Math.sqrt(STAGES_READ);
  return Float32Array.from({ length: cells.length / length }, (_, cell) => {
    let dot = 0;
    for (let i = 0; i < length; i++) dot += cells[cell * length + i] * template[i];
    return dot * scale;
  });
}

/** The expectation of the place under the softmax of the similarities, times the prior. */
function softArgmax(
  similar: Float32Array,
  size: number,
  temperature: number,
  prior: { readonly at: Place; readonly deviation: number } | null,
): Place {
  const largest = similar.reduce((one, other) => Math.max(one, other), -1);
  let [weights, x, y] = [0, 0, 0];
  similar.forEach((value, cell) => {
    const [cellX, cellY] = placeOf(cell, size);
    const off = prior ? ((cellX - prior.at[0]) ** 2 + (cellY - prior.at[1]) ** 2) / prior.deviation ** 2 : 0;
    const weight = Math.exp((value - largest) / temperature - off / 2);
    weights += weight;
    x += weight * cellX;
    y += weight * cellY;
  });
  return weights > 0 ? [x / weights, y / weights] : prior!.at;
}

const distance = ([x, y]: Place, [otherX, otherY]: Place) => Math.hypot(x - otherX, y - otherY);
const average = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function fitGuess(seen: readonly Seen[]): Float32Array {
  const moments = createMoments(seen[0].base.length, 2 * seen[0].marks.length);
  for (const { base, marks } of seen)
    addSample(
      moments,
      base,
      marks.flatMap((mark) => [...mark!]),
    );
  return solveRidge(moments, RIDGE);
}

function guessOf(weights: Float32Array, { base }: Seen): Place[] {
  const values = applyRidge(weights, base);
  return Array.from({ length: values.length / 2 }, (_, p) => [values[2 * p], values[2 * p + 1]]);
}

/** Learns from these pictures, all points of which are marked. @returns the temperature that was taken of each prior */
export async function learnTemplates(
  pictures: readonly AnnotatedPicture[],
  hidden: readonly number[],
): Promise<Readonly<Record<Prior, number>>> {
  const seen: Seen[] = [];
  for (const picture of pictures) {
    const one = await see(picture, hidden);
    if (one) seen.push(one);
  }
  const leftOut = seen.map((one) => guessOf(fitGuess(seen.filter((other) => other !== one)), one));
  const points = hidden.map((_, p): PointTemplates => {
    const places = seen.map(({ marks }) => marks[p]!);
    const mean: Place = [average(places.map(([x]) => x)), average(places.map(([, y]) => y))];
    const sum = new Float32Array(seen[0].length);
    seen.forEach(({ at }, i) => at(places[i]).forEach((value, c) => (sum[c] += value)));
    // Of one coordinate, from squared distances in the plane.
    const rms = (froms: readonly Place[]) =>
      Math.max(
        LEAST_DEVIATION,
        Math.sqrt(average(places.map((place, i) => distance(place, froms[i]) ** 2)) / 2),
      );
    return {
      sum,
      mean,
      deviation: { 'mean place': rms(places.map(() => mean)), guess: rms(leftOut.map((guess) => guess[p])) },
    };
  });
  const errors = Object.fromEntries(
    PRIORS.map((prior) => [prior, TEMPERATURES.map(() => [] as number[])]),
  ) as Record<Prior, number[][]>;
  seen.forEach((one, i) =>
    points.forEach((point, p) => {
      const mark = one.marks[p]!;
      const own = one.at(mark);
      const similar = similarities(
        one,
        point.sum.map((value, c) => value - own[c]),
      );
      for (const prior of PRIORS)
        TEMPERATURES.forEach((temperature, t) =>
          errors[prior][t].push(
            distance(mark, softArgmax(similar, one.size, temperature, priorOf(prior, point, leftOut[i][p]))),
          ),
        );
    }),
  );
  const bestOf = (prior: Prior) => {
    const means = errors[prior].map(average);
    return TEMPERATURES[means.indexOf(Math.min(...means))];
  };
  const temperature = { none: bestOf('none'), 'mean place': bestOf('mean place'), guess: bestOf('guess') };
  learned = { hidden, points, guess: fitGuess(seen), temperature };
  return temperature;
}

function priorOf(prior: Prior, { mean, deviation }: PointTemplates, guess: Place) {
  if (prior === 'none') return null;
  return { at: prior === 'guess' ? guess : mean, deviation: deviation[prior] };
}

/** The points by each prior, and by the guess alone, px; null where the base misses the face. */
export async function findByTemplates(
  picture: AnnotatedPicture,
): Promise<Readonly<Record<Prior | 'guess alone', readonly number[]>> | null> {
  if (!learned) throw new Error('bench page: no templates were learned');
  const { hidden, points, guess, temperature } = learned;
  const one = await see(picture, hidden);
  if (!one) return null;
  const guesses = guessOf(guess, one);
  const similar = points.map(({ sum }) => similarities(one, sum));
  const by = (prior: Prior) =>
    points.flatMap((point, p) =>
      one.toImage(softArgmax(similar[p], one.size, temperature[prior], priorOf(prior, point, guesses[p]))),
    );
  return {
    none: by('none'),
    'mean place': by('mean place'),
    guess: by('guess'),
    'guess alone': guesses.flatMap((place) => one.toImage(place)),
  };
}
