/**
 * Pictures composed of portraits with .pts files: how many of their faces the engine finds, and how many false positives it has.
 *   npm run groups -- FOLDER… [--seed N] [--groups N] [--backend NAME] [--model ID] [--pictures FOLDER] [--json FILE]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendName, Points } from '../../src/engine/types';
import { planBorder, planEmpty, planGroups, type Group } from '../fixtures/group';
import { matchGroup } from '../fixtures/match-faces';
import { fromHere, run } from './arguments';
import type { GroupSeen } from './page/group';
import { readFolder } from './pts';
import { quantile } from './quantile';
import { glOf, openSite, writeJson } from './site';
import { formatNumber, formatTable } from './table';

const usage =
  'usage: npm run groups -- FOLDER… [--seed N] [--groups N] [--backend webgl|webgpu|wasm|cpu] [--model ID] [--pictures FOLDER] [--json FILE]';
/** The annotations of 300-W. */
const POINTS = 68;
/** Number of faces along the border, and of portraits whose backgrounds are used as scenery. */
const FEW = 24;
/** Fractions of a face hidden by the border. */
const HIDDEN = [0.25, 0.5] as const;

interface Case {
  /** Row of the results table. */
  readonly name: string;
  readonly group: Group;
  /** Clockwise quarter turns of the picture. */
  readonly turns: number;
}
type Seen = GroupSeen['faces'][number];
interface Report {
  readonly name: string;
  readonly backdrop: string;
  readonly width: number;
  readonly height: number;
  readonly faces: number;
  readonly ms: number;
  readonly found: readonly Seen[];
  readonly missed: readonly { readonly portrait: string; readonly truth: Seen['box'] }[];
  readonly wrong: readonly Seen[];
}

const wholeNumber = (name: string, value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`--${name} ${value}: must be a whole number\n${usage}`);
  return number;
};

/** Groups (the first also turned), faces at the border, pictures without a face. */
function planCases(portraits: readonly Points<'image'>[], seed: number, count: number): Case[] {
  const groups = planGroups(portraits, seed).slice(0, count);
  const few = portraits.map((_, i) => i).slice(0, FEW);
  return [
    ...groups.map((group) => ({ name: `group, ${group.layout}`, group, turns: 0 })),
    ...[1, 2, 3].map((turns) => ({ name: `group, turned ${90 * turns}°`, group: groups[0], turns })),
    ...HIDDEN.map((hidden) => {
      return { name: `border hides ${100 * hidden} %`, group: planBorder(portraits, few, hidden), turns: 0 };
    }),
    ...planEmpty(portraits, few, seed).map((group) => ({ name: 'no face', group, turns: 0 })),
  ];
}

function rowOf(name: string, reports: readonly Report[]): string[] {
  const sum = (of: (report: Report) => number) => reports.reduce((total, report) => total + of(report), 0);
  const faces = sum((report) => report.faces);
  const found = sum((report) => report.found.length);
  const wrong = sum((report) => report.wrong.length);
  const share = (part: number, whole: number) => (whole === 0 ? '' : formatNumber((100 * part) / whole));
  const scores = reports.flatMap((report) => report.found.map(({ score }) => score));
  const ms = reports.map((report) => report.ms);
  const counts = [reports.length, faces, found].map(String);
  const score = scores.length === 0 ? '' : formatNumber(quantile(scores, 0.5));
  return [
    name,
    ...counts,
    share(found, faces),
    String(wrong),
    share(wrong, found + wrong),
    score,
    formatNumber(quantile(ms, 0.5)),
  ];
}

function print(reports: readonly Report[]): void {
  const names = [...new Set(reports.map(({ name }) => name))];
  const upright = reports.filter(({ name }) => name.startsWith('group') && !name.includes('turned'));
  const backdrops = [...new Set(upright.map(({ backdrop }) => backdrop))];
  const head = ['pictures of', 'pictures', 'faces', 'found', '%', 'false', '%', 'score p50', 'ms p50'];
  console.log(
    formatTable([
      head,
      ...names.map((name) =>
        rowOf(
          name,
          reports.filter((report) => report.name === name),
        ),
      ),
      rowOf('all upright groups', upright),
      ...backdrops.map((kind) =>
        rowOf(
          `  before ${kind}`,
          upright.filter(({ backdrop }) => backdrop === kind),
        ),
      ),
    ]),
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seed: { type: 'string', default: '1' },
      groups: { type: 'string', default: '1000' },
      backend: { type: 'string', default: 'wasm' },
      model: { type: 'string' },
      pictures: { type: 'string' },
      json: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new Error(usage);
  const folders = await Promise.all(positionals.map((folder) => readFolder(fromHere(folder), POINTS)));
  const samples = folders.flat();
  const portraits = samples.map(({ points }): Points<'image'> => Float32Array.from(points));
  const cases = planCases(portraits, wholeNumber('seed', values.seed), wholeNumber('groups', values.groups));
  const backend = values.backend as BackendName;
  const site = await openSite({ pictures: samples.map(({ picture }) => picture), gl: glOf(backend) });
  try {
    const options = { model: values.model, backend, maxFaces: 8 };
    const { manifest } = await site.page.evaluate((asked) => window.bench.open(asked), options);
    const reports: Report[] = [];
    for (const [i, { name, group, turns }] of cases.entries()) {
      if (values.pictures) {
        const folder = fromHere(values.pictures);
        await mkdir(folder, { recursive: true });
        const picture = await site.page.evaluate((plan) => window.bench.groupPicture(plan), group);
        await writeFile(join(folder, `${i}.jpg`), Buffer.from(picture, 'base64'));
      }
      const { faces, ms } = await site.page.evaluate(
        ([plan, quarters]) => window.bench.detectGroup(plan, quarters),
        [group, turns] as const,
      );
      const { found, wrong } = matchGroup(group, faces);
      const { width, height, backdrop } = group;
      reports.push({
        ...{ name, backdrop: backdrop.kind, width, height, faces: group.faces.length, ms, wrong },
        found: found.filter((face) => face !== null),
        missed: group.faces
          .filter((_, k) => found[k] === null)
          .map(({ portrait, truth }) => ({ portrait: samples[portrait].picture, truth })),
      });
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${cases.length}`);
    }
    console.log(`${positionals.join(', ')}: seed ${values.seed}, model ${manifest.id}, on ${backend}`);
    print(reports);
    if (values.json)
      await writeJson(fromHere(values.json), { seed: values.seed, model: manifest.id, backend, reports });
  } finally {
    await site.close();
  }
}

await run(main);
