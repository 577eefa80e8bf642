/** Measures what Mien learns from few marked pictures, with the shipped engine in headless Chromium; see `usage`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Scheme } from '../../src/engine/types';
import type { TaughtScheme } from '../../src/engine/teach-types';
import { root } from '../e2e/browser';
import { fromHere, run } from './arguments';
import { readImm } from './asf';
import { boxOfPartial, mean } from './face-error';
import type { AnnotatedPicture } from './page/teach';
import { readFolder, spreadOver } from './pts';
import { glOf, openSite, writeJson, type Site } from './site';
import { formatTable } from './table';
import { readManifest } from './targets';
import { measureOwnFaces } from './teach-own-face';

const usage = `usage: npm run teach -- [parts|imm|my-face]… [--model ID] [--draws N] [--pictures N,N…] [--limit N] [--backend wasm|webgl|webgpu|cpu]
                       [--data FOLDER] [--json FILE]

  parts     inner lips (8 points), eyes (12) and nose (9), learned from LFPW's training part and measured on its test part. The
            learner is given none of the base's points of these parts; the base's own error stands beside it
  imm       IMM Frontal's 73 points from 20 pictures of six people, measured on the other six
  my-face   corrections from five pictures of a person of IMM Frontal, measured on that person's others and on everybody else's
  --draws   how often pictures to learn from are drawn anew (default 3); means over the draws
  --limit   at most N pictures to measure on
Errors are mean distances in % of the distance between the outer eye corners.`;

const TASKS = ['parts', 'imm', 'my-face'] as const;
/** The inner lips, the eyes and the nose of the 68 points. */
const PARTS: Readonly<Record<string, readonly [number, number]>> = {
  'inner lips': [60, 68],
  eyes: [36, 48],
  nose: [27, 36],
};
const IMM_PICTURES = 20;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    model: { type: 'string', default: 'resnet' },
    draws: { type: 'string', default: '3' },
    pictures: { type: 'string', default: '5,10,20,50' },
    limit: { type: 'string' },
    backend: { type: 'string', default: 'wasm' },
    data: { type: 'string' },
    json: { type: 'string' },
  },
});
const data = values.data ? fromHere(values.data) : join(root, '..', 'shared', 'data');
const draws = Number(values.draws);
const limit = values.limit === undefined ? undefined : Number(values.limit);

type Pictures = readonly AnnotatedPicture[];
/** Mean error of each part, % of the inter-ocular distance, with the pictures in which the face was missed. */
type Errors = Readonly<Record<string, number>> & { readonly missed: number };

const range = ([from, to]: readonly [number, number]) =>
  Array.from({ length: to - from }, (_, i) => from + i);
const hidden = Object.values(PARTS).flatMap(range);

/** The chosen points of a scheme as a person would name them. */
function schemeOf(id: string, { names, mirror, edges }: Scheme, chosen: readonly number[]): TaughtScheme {
  const at = (index: number) => chosen.indexOf(index);
  return {
    id,
    title: id,
    points: chosen.map((index) => names[index]),
    pairs: chosen.filter((index) => mirror[index] > index).map((index) => [at(index), at(mirror[index])]),
    lines: edges.filter((edge) => edge.every((index) => at(index) >= 0)).map((edge) => edge.map(at)),
  };
}

const select = (points: ArrayLike<number>, chosen: readonly number[]) =>
  chosen.flatMap((index) => [points[2 * index], points[2 * index + 1]]);

/** `count` of them, another choice for each `seed`. */
function draw<T>(all: readonly T[], count: number, seed: number): T[] {
  const random = mulberry(seed);
  return all
    .map((value) => ({ value, order: random() }))
    .sort((one, other) => one.order - other.order)
    .slice(0, count)
    .map(({ value }) => value);
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** @param find points in the order of `parts`' indices. */
async function measure(
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

const distanceOf = (points: ArrayLike<number>, [one, other]: readonly [number, number]) =>
  Math.hypot(points[2 * one] - points[2 * other], points[2 * one + 1] - points[2 * other + 1]);

async function open(pictures: readonly string[]): Promise<Site> {
  const site = await openSite({ pictures, gl: glOf(values.backend) });
  const asked = { model: values.model, backend: values.backend as 'wasm' };
  await site.page.evaluate((options) => window.bench.open(options), asked);
  return site;
}

const teachOn = (site: Site, scheme: TaughtScheme, pictures: Pictures, without: readonly number[]) =>
  site.page.evaluate(
    ([what, marked, hiddenPoints]) => window.bench.teach('points', what, marked, hiddenPoints),
    [scheme, pictures, without] as const,
  );
const findTaught = (site: Site) => async (picture: AnnotatedPicture) =>
  (await site.page.evaluate((asked) => window.bench.findTaught(asked), picture))?.points ?? null;

const percent = (value: number) => value.toFixed(2);

async function measureParts(): Promise<unknown> {
  const manifest = await readManifest(values.model);
  const folders = ['trainset', 'testset'].map((part) => join(data, '300w', 'lfpw', part));
  const [train, allTest] = await Promise.all(folders.map((folder) => readFolder(folder, 68)));
  const test = spreadOver(allTest, limit);
  const site = await open([...train, ...test].map(({ picture }) => picture));
  try {
    const annotate = ({ points }: { points: Float32Array }, i: number): AnnotatedPicture => ({
      url: `pictures/${i}`,
      points: select(points, hidden),
      box: boxOfPartial(points),
    });
    const learnable = train.map(annotate);
    const measured = test.map((sample, i) => annotate(sample, train.length + i));
    const interOcular = test.map(({ points }) => distanceOf(points, manifest.scheme.normalisingPair!));
    const parts = Object.fromEntries(
      Object.entries(PARTS).map(([name, bounds]) => [
        name,
        range(bounds).map((index) => hidden.indexOf(index)),
      ]),
    );
    const base = await measure(measured, interOcular, parts, async (picture) => {
      const points = await site.page.evaluate((asked) => window.bench.findBase(asked), picture);
      return points && select(points, hidden);
    });
    const rows = [];
    for (const count of values.pictures.split(',').map(Number)) {
      const results = [];
      for (let seed = 1; seed <= draws; seed++) {
        const drawn = draw(learnable, count, 1000 * count + seed);
        const learned = await teachOn(site, schemeOf('parts', manifest.scheme, hidden), drawn, hidden);
        const errors = await measure(measured, interOcular, parts, findTaught(site));
        results.push({ ...learned, errors });
        console.error(
          `${count} pictures, draw ${seed}: ${JSON.stringify(errors)}, ${Math.round(learned.readMs)} ms of ${Math.round(learned.ms)} ms to read`,
        );
      }
      rows.push({ count, results });
    }
    const names = Object.keys(PARTS);
    console.log(
      `\nparts on ${values.model}, ${values.backend}: % of the inter-ocular distance (times the base's error)`,
    );
    console.log(
      formatTable([
        ['pictures', ...names, 'learning, s', 'file, kB'],
        ['the base', ...names.map((name) => percent(base[name])), '', ''],
        ...rows.map(({ count, results }) => [
          String(count),
          ...names.map((name) => {
            const error = mean(results.map(({ errors }) => errors[name]));
            return `${percent(error)} (${percent(error / base[name])})`;
          }),
          percent(mean(results.map(({ ms }) => ms)) / 1000),
          String(Math.round(mean(results.map(({ fileBytes }) => fileBytes)) / 1000)),
        ]),
      ]),
    );
    console.log(`missed of ${test.length}: ${base.missed}`);
    return { base, rows };
  } finally {
    await site.close();
  }
}

async function measureImm(): Promise<unknown> {
  const { scheme } = await readManifest('face-b');
  const samples = await readImm(join(data, 'imm_frontal'));
  const people = [...new Set(samples.map(({ person }) => person))];
  const site = await open(samples.map(({ picture }) => picture));
  try {
    const annotated = samples.map(({ points, person }, i) => ({
      person,
      url: `pictures/${i}`,
      points,
      box: boxOfPartial(points),
    }));
    const whole = scheme.names.map((_, i) => i);
    const results = [];
    for (let seed = 1; seed <= draws; seed++) {
      const learners = new Set(draw(people, people.length / 2, seed));
      const known = annotated.filter(({ person }) => learners.has(person));
      const others = annotated.filter(({ person }) => !learners.has(person));
      const marked = draw(known, IMM_PICTURES, seed);
      const learned = await teachOn(site, schemeOf('imm73', scheme, whole), marked, []);
      const interOcular = others.map(({ points }) => distanceOf(points, scheme.normalisingPair!));
      const errors = await measure(others, interOcular, { ...scheme.groups, all: whole }, findTaught(site));
      results.push({ ...learned, errors });
    }
    const names = [...Object.keys(scheme.groups), 'all'];
    console.log(
      `\nIMM's 73 points from ${IMM_PICTURES} pictures on ${values.model}, people apart: % of the inter-ocular distance`,
    );
    console.log(
      formatTable([
        ['draw', ...names, 'learning, s'],
        ...results.map(({ errors, ms }, i) => [
          String(i + 1),
          ...names.map((name) => percent(errors[name])),
          percent(ms / 1000),
        ]),
      ]),
    );
    return results;
  } finally {
    await site.close();
  }
}

await run(async () => {
  if (!existsSync(data)) return console.log(`There is no ${data}; nothing was measured.`);
  const asked = positionals.length > 0 ? positionals : TASKS;
  const unknown = asked.find((task) => !TASKS.some((known) => known === task));
  if (unknown) throw new Error(`${unknown}: not one of ${TASKS.join(', ')}\n${usage}`);
  const measured: Record<string, unknown> = {};
  if (asked.includes('parts')) measured.parts = await measureParts();
  if (asked.includes('imm')) measured.imm = await measureImm();
  if (asked.includes('my-face')) measured.myFace = await measureOwnFaces(data, values.model, values.backend);
  if (values.json) await writeJson(fromHere(values.json), measured);
});
