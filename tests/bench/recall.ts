/** How many faces the detector and the engine find, set by set and condition by condition; see `usage`. */
import { parseArgs } from 'node:util';
import { apply, centreOf, largerSide, overlap } from '../../src/engine/geometry';
import { DETECTOR_NAMES } from '../../src/engine/options';
import type { BackendName, Box, DetectorName, Points } from '../../src/engine/types';
import { CONDITIONS, type Condition } from '../fixtures/conditions';
import { planEmpty } from '../fixtures/group';
import { fromHere, run } from './arguments';
import { isHeldOut } from './held-out';
import { innerNmePct, OWN_POINTS_PCT } from './own-faces';
import type { FoundFace, Looks, Scored } from './page/recall';
import { readFolder, spreadOver } from './pts';
import { quantile } from './quantile';
import { glOf, openSite, writeJson, type Site } from './site';
import { formatNumber, formatTable } from './table';
import { readManifest, toTarget, type Target } from './targets';

const usage = `usage: npm run recall -- FOLDER… [--model ID] [--detector ID] [--backend wasm|webgl|webgpu|cpu] [--limit N]
                        [--conditions A,B] [--empty N] [--json FILE]

Held-out pictures alone (people 401 to 450 of cfp, a tenth of aflw2000; all of other folders), and their conditions.
  proposed  share of the faces for which the detector proposes a box, at scores of at least 0.5, 0.35 and 0.2: its centre within
            the face's box, its side within twice the face's either way; in the tiles of photos, in the whole frame as live
  found     share that \`detect\` and \`track\` find: intersection over union with the true box of at least 0.3
  own points   share that have them: inner 51 within 8 % of √(width · height) of the true box, in \`track\` in the sixth frame
  --empty   also N seeds of four pictures without a face, composed of the folders' backgrounds: how many false faces`;

/** As `SAME_FACE_OVERLAP` of the engine: a turned head's own points span another box than the fitted face's. */
const FOUND_OVERLAP = 0.3;
const MAX_SIZE_RATIO = 2;
/** As long as the page holds a still before the camera. */
const FRAMES = 6;
const SCORES = [0.5, 0.35, 0.2] as const;
/** Scenery comes from these many portraits. */
const FEW = 24;

interface Row extends Looks {
  readonly picture: string;
  readonly yawDeg: number | null;
  /** True points, and all of them, px of what was shown. */
  readonly truth: readonly number[];
  readonly whole: readonly number[];
}

const isProposal =
  (face: Box<'image'>) =>
  ({ box }: Scored): boolean => {
    const { x, y } = centreOf(box);
    const ratio = largerSide(box) / largerSide(face);
    const isInside = x > face.x && y > face.y && x < face.x + face.width && y < face.y + face.height;
    return isInside && ratio < MAX_SIZE_RATIO && ratio > 1 / MAX_SIZE_RATIO;
  };

const isFound =
  (face: Box<'image'>) =>
  ({ box }: Scored): boolean =>
    overlap(box, face) >= FOUND_OVERLAP;

/** How sure the detector is of the face, 0 where it proposes nothing. */
const scoreOf = (face: Box<'image'>, proposals: readonly Scored[]): number =>
  Math.max(0, ...proposals.filter(isProposal(face)).map(({ score }) => score));

const pct = (rows: readonly Row[], is: (row: Row) => boolean): string =>
  formatNumber((100 * rows.filter(is).length) / rows.length);

function summarise(label: string, rows: readonly Row[]): string[] {
  const at = (of: (row: Row) => readonly Scored[]) =>
    SCORES.map((score) => pct(rows, (row) => scoreOf(row.face, of(row)) >= score)).join(' ');
  const trackedBy = (frame: number) => (row: Row) =>
    row.tracked.slice(0, frame).some((faces) => faces.some(isFound(row.face)));
  const hasOwnPoints =
    ({ truth, whole }: Row) =>
    ({ points }: FoundFace): boolean =>
      innerNmePct(points, truth, whole) <= OWN_POINTS_PCT;
  const falses = rows.reduce(
    (sum, { face, found }) => sum + found.filter((one) => !isFound(face)(one)).length,
    0,
  );
  return [
    ...[label, String(rows.length)],
    ...[at((row) => row.proposals), at((row) => row.liveProposals)],
    pct(rows, ({ face, found }) => found.some(isFound(face))),
    pct(rows, (row) => row.found.some(hasOwnPoints(row))),
    ...[pct(rows, trackedBy(1)), pct(rows, trackedBy(FRAMES))],
    pct(rows, (row) => row.tracked[FRAMES - 1].some(hasOwnPoints(row))),
    String(falses),
    ...[rows.map(({ foundMs }) => foundMs), rows.map(({ frameMs }) => frameMs[0])].map((times) =>
      formatNumber(quantile(times, 0.5)),
    ),
  ];
}

const HEAD = [
  ...['', 'faces', 'proposed in tiles', 'in the whole', 'found by detect', 'own points'],
  ...['by track at once', 'within 6 frames', 'own points', 'others found', 'detect ms', 'first frame ms'],
];

async function lookAtAll(
  site: Site,
  targets: readonly Target[],
  offset: number,
  condition: Condition,
): Promise<Row[]> {
  const rows: Row[] = [];
  for (const [i, { name, points: placedByHand, whole, yawDeg }] of targets.entries()) {
    const looks = await site.page.evaluate(
      ([url, asked, points, index]) => window.bench.lookForFace(url, asked, points, index),
      [`pictures/${offset + i}`, condition, whole, i] as const,
    );
    const truth = [...apply(looks.placed, placedByHand)];
    rows.push({
      picture: name,
      yawDeg,
      truth,
      whole: [...apply(looks.placed, Float32Array.from(whole))],
      ...looks,
    });
  }
  return rows;
}

/** How many boxes there are where no face is. */
async function countFalse(site: Site, portraits: readonly Points<'image'>[], seeds: number) {
  const few = portraits.map((_, i) => i).slice(0, FEW);
  const counts = { pictures: 0, proposals: 0, found: 0, tracked: 0 };
  const falseFaces: { found: readonly Scored[]; tracked: readonly Scored[] }[] = [];
  const emptyMs: number[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    for (const group of planEmpty(portraits, few, seed)) {
      const looks = await site.page.evaluate((plan) => window.bench.lookForNone(plan), group);
      counts.pictures++;
      counts.proposals += looks.proposals.filter(({ score }) => score >= SCORES[1]).length;
      counts.found += looks.found.length;
      falseFaces.push({ found: looks.found, tracked: looks.tracked.flat() });
      counts.tracked += looks.tracked.some((faces) => faces.length > 0) ? 1 : 0;
      emptyMs.push(...looks.frameMs.slice(1));
    }
  }
  return { ...counts, falseFaces, frameMs: quantile(emptyMs, 0.5), slowestFrameMs: Math.max(...emptyMs) };
}

await run(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      detector: { type: 'string', default: DETECTOR_NAMES[0] },
      backend: { type: 'string', default: 'wasm' },
      limit: { type: 'string', default: 'Infinity' },
      conditions: { type: 'string', default: CONDITIONS.join(',') },
      empty: { type: 'string', default: '0' },
      json: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new Error(usage);
  const conditions = values.conditions.split(',').map((name) => {
    const known = CONDITIONS.find((condition) => condition === name);
    if (!known) throw new Error(`--conditions ${name}: not one of ${CONDITIONS.join(', ')}\n${usage}`);
    return known;
  });
  const manifest = await readManifest(values.model);
  const sets: { folder: string; targets: Target[] }[] = [];
  for (const folder of positionals.map(fromHere)) {
    const samples = await readFolder(folder, manifest.scheme.pointCount, true);
    const heldOut = samples.filter(({ picture }) => isHeldOut(picture));
    const targets = spreadOver(heldOut, Number(values.limit)).map((sample) => toTarget(sample, manifest));
    sets.push({ folder, targets });
  }
  const all = sets.flatMap(({ targets }) => targets);
  const backend = values.backend as BackendName;
  const site = await openSite({ pictures: all.map(({ picture }) => picture), gl: glOf(backend) });
  try {
    const detector = values.detector as DetectorName;
    const options = { model: manifest.id, detector, backend, maxFaces: 4 };
    await site.page.evaluate((asked) => window.bench.open(asked), options);
    await site.page.evaluate((asked) => window.bench.openStages(asked), options);
    const table: string[][] = [HEAD];
    const reports: { folder: string; condition: Condition; rows: Row[] }[] = [];
    for (const { folder, targets } of sets) {
      for (const condition of conditions) {
        const rows = await lookAtAll(site, targets, all.indexOf(targets[0]), condition);
        reports.push({ folder, condition, rows });
        table.push(summarise(`${folder.split('/').slice(-2).join('/')}, ${condition}`, rows));
        if (process.stderr.isTTY)
          process.stderr.write(`\r${table.length - 1} of ${sets.length * conditions.length}`);
      }
    }
    console.log(`${detector} and ${manifest.id} on ${backend}; shares in %`);
    console.log(formatTable(table));
    const seeds = Number(values.empty);
    const empty =
      seeds > 0
        ? await countFalse(
            site,
            all.map(({ whole }) => Float32Array.from(whole)),
            seeds,
          )
        : null;
    if (empty) {
      const { pictures, proposals, found, tracked, frameMs, slowestFrameMs } = empty;
      console.log(
        `${pictures} pictures without a face: ${proposals} proposals of at least ${SCORES[1]}, false faces ${found} by detect, ` +
          `${tracked} pictures with one by track; a frame takes ${formatNumber(frameMs)} ms (median), at most ${formatNumber(slowestFrameMs)}`,
      );
    }
    if (values.json)
      await writeJson(fromHere(values.json), { detector, model: manifest.id, backend, reports, empty });
  } finally {
    await site.close();
  }
});
