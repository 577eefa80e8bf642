/** Pairs of faces cheek to cheek, composed of held-out portraits: how often both are found, each with its own points; see `usage`. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { apply } from '../../src/engine/geometry';
import type { BackendName } from '../../src/engine/types';
import { planPairs, type Pair } from '../fixtures/pairs';
import { fromHere, run } from './arguments';
import { isHeldOut } from './held-out';
import type { PairSeen } from './page/pairs';
import { boxOfPartial } from './face-error';
import { innerNmePct, OWN_POINTS_PCT, ownFaces } from './own-faces';
import { readFolder } from './pts';
import { quantile } from './quantile';
import { glOf, openSite, writeJson, type Site } from './site';
import { formatNumber } from './table';
import { readManifest, toTarget, type Target } from './targets';

const usage = `usage: npm run touching -- FOLDER… [--model ID] [--backend wasm|webgl|webgpu|cpu] [--pairs N] [--seed N]
                          [--covered 0..1] [--pictures FOLDER] [--json FILE]

  --covered   how far the second's outline reaches over the first's at most, in widths of the first; default 0.12

Held-out faces that look to the front, within 30° of yaw; left out are those whose labels the network misses by more than half
the bound even alone, from their true box. A face has its own points where the mean distance of those of the
inner 51 that were placed is at most 8 % of √(width · height) of its true box. Both are found where each has its own points, of
a face of its own; in \`track\` in the last frame of a still held for 1.1 s, under the ids of the first.`;
const MAX_YAW_DEG = 30;

interface Report {
  readonly index: number;
  /** Index of the own face of each in what was found, −1 for none. */
  readonly detect: readonly number[];
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly keepsIds: boolean;
  readonly others: number;
  readonly ms: number;
  /** Smallest inner error of each, %. */
  readonly errorsPct: readonly (number | null)[];
}

function judge(
  index: number,
  truths: readonly Float32Array[],
  wholes: readonly Float32Array[],
  seen: PairSeen,
): Report {
  const own = (faces: PairSeen['found']) =>
    ownFaces(
      faces.map(({ points }) => points),
      truths,
      wholes,
    );
  const [first, last] = [seen.tracked[0], seen.tracked[seen.tracked.length - 1]];
  const [ownFirst, ownLast] = [own(first), own(last)];
  const keepsIds = ownFirst.every(
    (at, i) => at >= 0 && ownLast[i] >= 0 && first[at].id === last[ownLast[i]].id,
  );
  const errorsPct = truths.map((truth, i) =>
    seen.found.length > 0
      ? Math.min(...seen.found.map(({ points }) => innerNmePct(points, truth, wholes[i])))
      : null,
  );
  const detect = own(seen.found);
  const others = seen.found.length - detect.filter((at) => at >= 0).length;
  return { index, detect, first: ownFirst, last: ownLast, keepsIds, others, ms: seen.ms, errorsPct };
}

/** Indices of those on which the network alone, from their true box, agrees with the labels. */
async function wellLabelled(site: Site, targets: readonly Target[]): Promise<number[]> {
  const members: number[] = [];
  for (const [i, { points, whole }] of targets.entries()) {
    const { faces } = await site.page.evaluate(([url, box]) => window.bench.evaluatePicture(url, box), [
      `pictures/${i}`,
      boxOfPartial(whole),
    ] as const);
    if (innerNmePct(faces[0].points, points, whole) <= OWN_POINTS_PCT / 2) members.push(i);
  }
  return members;
}

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      backend: { type: 'string', default: 'wasm' },
      pairs: { type: 'string', default: '200' },
      covered: { type: 'string', default: '0.12' },
      seed: { type: 'string', default: '1' },
      pictures: { type: 'string' },
      json: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new Error(usage);
  const manifest = await readManifest(values.model);
  const folders = await Promise.all(
    positionals.map((folder) => readFolder(fromHere(folder), manifest.scheme.pointCount, true)),
  );
  const targets = folders
    .flat()
    .filter(({ picture }) => isHeldOut(picture))
    .map((sample) => toTarget(sample, manifest))
    .filter(({ yawDeg }) => Math.abs(yawDeg ?? NaN) < MAX_YAW_DEG);
  const backend = values.backend as BackendName;
  const site = await openSite({ pictures: targets.map(({ picture }) => picture), gl: glOf(backend) });
  try {
    const options = { model: manifest.id, backend, maxFaces: 4 };
    await site.page.evaluate((asked) => window.bench.open(asked), options);
    const members = await wellLabelled(site, targets);
    const wholes = targets.map(({ whole }) => Float32Array.from(whole));
    const pairs = planPairs(
      wholes,
      members,
      Number(values.pairs),
      Number(values.seed),
      Number(values.covered),
    );
    if (values.pictures) await mkdir(fromHere(values.pictures), { recursive: true });
    const reports: Report[] = [];
    for (const [i, pair] of pairs.entries()) {
      if (values.pictures) {
        const picture = await site.page.evaluate((plan) => window.bench.pairPicture(plan), pair);
        await writeFile(join(fromHere(values.pictures), `${i}.jpg`), Buffer.from(picture, 'base64'));
      }
      const seen = await site.page.evaluate((plan) => window.bench.detectPair(plan), pair);
      const placed = (points: (face: Pair['faces'][number]) => Float32Array) =>
        pair.faces.map((face) => apply(face.placed, points(face)));
      reports.push(
        judge(
          i,
          placed(({ portrait }) => targets[portrait].points),
          placed(({ portrait }) => wholes[portrait]),
          seen,
        ),
      );
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${pairs.length}`);
    }
    const share = (is: (report: Report) => boolean) =>
      `${formatNumber((100 * reports.filter(is).length) / reports.length)} %`;
    const both = (own: readonly number[]) => own.every((at) => at >= 0);
    console.log(
      `${manifest.id} on ${backend}, ${pairs.length} pairs of ${members.length} faces (${targets.length - members.length} left out), seed ${values.seed}`,
    );
    console.log(`detect finds both: ${share(({ detect }) => both(detect))}`);
    console.log(`track finds both in the first frame: ${share(({ first }) => both(first))}`);
    console.log(`track has both after 1.1 s: ${share(({ last }) => both(last))}`);
    console.log(`under the ids of the first frame: ${share(({ keepsIds }) => keepsIds)}`);
    const others = reports.reduce((sum, report) => sum + report.others, 0);
    console.log(
      `other faces: ${others}; detect ${formatNumber(
        quantile(
          reports.map(({ ms }) => ms),
          0.5,
        ),
      )} ms (median)`,
    );
    if (values.json) await writeJson(fromHere(values.json), { model: manifest.id, backend, reports });
  } finally {
    await site.close();
  }
});
