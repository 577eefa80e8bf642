/** What the tasks of `npm run teach` share: points to learn, pictures drawn, and errors measured. */
import type { Scheme } from '../../src/engine/types';
import type { TaughtScheme } from '../../src/engine/teach-types';
import { createRandom } from '../fixtures/random';
import { mean } from './face-error';
import type { AnnotatedPicture } from './page/teach';
import { glOf, openSite, type Site } from './site';

/** The inner lips, the eyes and the nose of the 68 points. */
export const PARTS: Readonly<Record<string, readonly [number, number]>> = {
  'inner lips': [60, 68],
  eyes: [36, 48],
  nose: [27, 36],
};

export type Pictures = readonly AnnotatedPicture[];
/** Mean error of each part, % of the inter-ocular distance, with the pictures in which the face was missed. */
export type Errors = Readonly<Record<string, number>> & { readonly missed: number };

export const range = ([from, to]: readonly [number, number]) =>
  Array.from({ length: to - from }, (_, i) => from + i);
export const hidden = Object.values(PARTS).flatMap(range);

/** The chosen points of a scheme as a person would name them. */
export function schemeOf(
  id: string,
  { names, mirror, edges }: Scheme,
  chosen: readonly number[],
): TaughtScheme {
  const at = (index: number) => chosen.indexOf(index);
  return {
    id,
    title: id,
    points: chosen.map((index) => names[index]),
    pairs: chosen.filter((index) => mirror[index] > index).map((index) => [at(index), at(mirror[index])]),
    lines: edges.filter((edge) => edge.every((index) => at(index) >= 0)).map((edge) => edge.map(at)),
  };
}

export const select = (points: ArrayLike<number>, chosen: readonly number[]) =>
  chosen.flatMap((index) => [points[2 * index], points[2 * index + 1]]);

/** `count` of them, another choice for each `seed`. */
export function draw<T>(all: readonly T[], count: number, seed: number): T[] {
  const random = createRandom(seed);
  return all
    .map((value) => ({ value, order: random() }))
    .sort((one, other) => one.order - other.order)
    .slice(0, count)
    .map(({ value }) => value);
}

/** @param find points in the order of `parts`' indices. */
export async function measure(
  pictures: Pictures,
  interOcular: readonly number[],
  parts: Readonly<Record<string, readonly number[]>>,
  find: (picture: AnnotatedPicture) => Promise<readonly number[] | null>,
): Promise<Errors> {
  const errors: Record<string, number[]> = Object.fromEntries(Object.keys(parts).map((name) => [name, []]));
  let missed = 0;
  for (const [i, picture] of pictures.entries()) {
    const found = await find(picture);
    if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${pictures.length} `);
    if (!found) {
      missed++;
      continue;
    }
    const off = (p: number) =>
      Math.hypot(found[2 * p] - picture.points[2 * p]!, found[2 * p + 1] - picture.points[2 * p + 1]!);
    for (const [name, indices] of Object.entries(parts))
      errors[name].push((100 * mean(indices.map(off))) / interOcular[i]);
  }
  const means = Object.entries(errors).map(([name, ofPictures]) => [name, mean(ofPictures)]);
  return { ...Object.fromEntries(means), missed } as Errors;
}

export const distanceOf = (points: ArrayLike<number>, [one, other]: readonly [number, number]) =>
  Math.hypot(points[2 * one] - points[2 * other], points[2 * one + 1] - points[2 * other + 1]);

/** Of the engine on the page. */
export interface EngineChoice {
  readonly model: string;
  readonly backend: string;
}

export async function open({ model, backend }: EngineChoice, pictures: readonly string[]): Promise<Site> {
  const site = await openSite({ pictures, gl: glOf(backend) });
  const asked = { model, backend: backend as 'wasm' };
  await site.page.evaluate((options) => window.bench.open(options), asked);
  return site;
}

export const teachOn = (site: Site, scheme: TaughtScheme, pictures: Pictures, without: readonly number[]) =>
  site.page.evaluate(
    ([what, marked, hiddenPoints]) => window.bench.teach('points', what, marked, hiddenPoints),
    [scheme, pictures, without] as const,
  );
export const findTaught = (site: Site) => async (picture: AnnotatedPicture) =>
  (await site.page.evaluate((asked) => window.bench.findTaught(asked), picture))?.points ?? null;

export const percent = (value: number) => value.toFixed(2);
