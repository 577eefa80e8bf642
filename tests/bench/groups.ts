/**
 * Group pictures composed of portraits with .pts files: how many of their faces the engine finds, and how many it makes up.
 *   npm run groups -- FOLDER… [--seed N] [--groups N] [--backend NAME] [--model ID] [--pictures FOLDER] [--json FILE]
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { BackendName, Box, Points } from '../../src/engine/types';
import { matchFaces, planGroups } from '../fixtures/group';
import { fromHere } from './arguments';
import { quantile } from './quantile';
import type { GroupSeen } from './page/group';
import { readFolder } from './pts';
import { glOf, openSite, writeJson } from './site';
import { formatNumber, formatTable } from './table';

const usage =
  'usage: npm run groups -- FOLDER… [--seed N] [--groups N] [--backend webgl|webgpu|wasm|cpu] [--model ID] [--pictures FOLDER] [--json FILE]';
interface GroupReport {
  readonly width: number;
  readonly height: number;
  readonly faces: number;
  readonly seen: number;
  readonly ms: number;
  readonly found: readonly Seen[];
  readonly missed: readonly { readonly portrait: string; readonly truth: Box<'image'> }[];
  readonly wrong: readonly Seen[];
}
type Seen = GroupSeen['faces'][number];

/** The annotations of 300-W. */
const POINTS = 68;

const wholeNumber = (name: string, value: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0)
    throw new Error(`--${name} ${value}: not a whole number\n${usage}`);
  return number;
};

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
  const plans = planGroups(portraits, wholeNumber('seed', values.seed));
  const groups = plans.slice(0, wholeNumber('groups', values.groups));
  const backend = values.backend as BackendName;
  const site = await openSite({ pictures: samples.map(({ picture }) => picture), gl: glOf(backend) });
  try {
    await site.page.evaluate((options) => window.bench.open(options), {
      model: values.model,
      backend,
      maxFaces: 8,
    });
    const reports: GroupReport[] = [];
    for (const [i, group] of groups.entries()) {
      if (values.pictures) {
        const folder = fromHere(values.pictures);
        await mkdir(folder, { recursive: true });
        const picture = await site.page.evaluate((plan) => window.bench.groupPicture(plan), group);
        await writeFile(join(folder, `group-${i}.jpg`), Buffer.from(picture, 'base64'));
      }
      const { faces, ms } = await site.page.evaluate((plan) => window.bench.detectGroup(plan), group);
      const match = matchFaces(
        group.faces.map(({ truth }) => truth),
        faces,
      );
      const missed = group.faces.filter((_, k) => match.found[k] === null);
      reports.push({
        width: group.width,
        height: group.height,
        faces: group.faces.length,
        seen: faces.length,
        ms,
        found: match.found.filter((face) => face !== null),
        missed: missed.map(({ portrait, truth }) => ({ portrait: samples[portrait].picture, truth })),
        wrong: match.wrong,
      });
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${groups.length}`);
    }
    const sum = (of: (report: GroupReport) => number) =>
      reports.reduce((total, report) => total + of(report), 0);
    const all = sum(({ faces }) => faces);
    const seen = sum((report) => report.seen);
    const found = sum((report) => report.found.length);
    const wrong = sum((report) => report.wrong.length);
    console.log(`${positionals.join(', ')}: ${reports.length} groups, seed ${values.seed}, on ${backend}`);
    console.log(
      formatTable([
        ['measure', 'value'],
        ['faces', String(all)],
        ['found', String(found)],
        ['found %', formatNumber((100 * found) / all)],
        ['false', String(wrong)],
        ['false % of those seen', formatNumber((100 * wrong) / seen)],
        [
          'ms a picture, median',
          formatNumber(
            quantile(
              reports.map(({ ms }) => ms),
              0.5,
            ),
          ),
        ],
        ['ms a face', formatNumber(sum(({ ms }) => ms) / seen)],
      ]),
    );
    if (values.json) await writeJson(fromHere(values.json), { seed: values.seed, backend, groups: reports });
  } finally {
    await site.close();
  }
}

try {
  await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
