/** Measures what Mien learns from few marked pictures, with the shipped engine in headless Chromium; see `usage`. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../e2e/browser';
import { fromHere, run } from './arguments';
import { readImm } from './asf';
import { boxOfPartial, mean } from './face-error';
import type { AnnotatedPicture } from './page/teach';
import { readFolder, spreadOver } from './pts';
import { writeJson } from './site';
import { formatTable } from './table';
import { readManifest } from './targets';
import {
  PARTS,
  distanceOf,
  draw,
  findTaught,
  hidden,
  measure,
  open,
  percent,
  range,
  schemeOf,
  select,
  teachOn,
} from './teach-measure';
import { measureOwnFaces } from './teach-own-face';
import { measureTemplates } from './teach-templates';

const usage = `usage: npm run teach -- [parts|imm|my-face|templates]… [--model ID] [--draws N] [--pictures N,N…] [--limit N] [--backend wasm|webgl|webgpu|cpu]
                       [--data FOLDER] [--json FILE]

  parts     inner lips (8 points), eyes (12) and nose (9), learned from LFPW's training part and measured on its test part. The
            learner is given none of the base's points of these parts; the base's own error stands beside it
  imm       IMM Frontal's 73 points from 20 pictures of six people, measured on the other six
  my-face   corrections from five pictures of a person of IMM Frontal, measured on that person's others and on everybody else's
  templates features sought that are like those at the marks, beside what ships: the points of \`parts\`, learned from and measured on
            LFPW's training part; only where it is asked for
  --draws   how often pictures to learn from are drawn anew (default 3); means over the draws
  --limit   at most N pictures to measure on
Errors are mean distances in % of the distance between the outer eye corners.`;

const TASKS = ['parts', 'imm', 'my-face', 'templates'] as const;
/** Templates do not ship. */
const USUAL_TASKS = ['parts', 'imm', 'my-face'];
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

async function measureParts(): Promise<unknown> {
  const manifest = await readManifest(values.model);
  const folders = ['trainset', 'testset'].map((part) => join(data, '300w', 'lfpw', part));
  const [train, allTest] = await Promise.all(folders.map((folder) => readFolder(folder, 68)));
  const test = spreadOver(allTest, limit);
  const site = await open(
    values,
    [...train, ...test].map(({ picture }) => picture),
  );
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
  const site = await open(
    values,
    samples.map(({ picture }) => picture),
  );
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
  const asked = positionals.length > 0 ? positionals : USUAL_TASKS;
  const unknown = asked.find((task) => !TASKS.some((known) => known === task));
  if (unknown) throw new Error(`${unknown}: not one of ${TASKS.join(', ')}\n${usage}`);
  const measured: Record<string, unknown> = {};
  if (asked.includes('parts')) measured.parts = await measureParts();
  if (asked.includes('imm')) measured.imm = await measureImm();
  if (asked.includes('my-face')) measured.myFace = await measureOwnFaces(data, values.model, values.backend);
  if (asked.includes('templates'))
    measured.templates = await measureTemplates({
      ...{ model: values.model, backend: values.backend, data, draws, limit },
      counts: values.pictures.split(',').map(Number),
    });
  if (values.json) await writeJson(fromHere(values.json), measured);
});
