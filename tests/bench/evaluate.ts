/** Evaluates a shipped model with the shipped engine, in headless Chromium, on pictures with .pts files; see `usage`. */
import { existsSync } from 'node:fs';
import { sep } from 'node:path';
import type { Box, Manifest } from '../../src/engine/types';
import { nearestFace } from '../../src/features/photos/metrics/measure';
import { run } from './arguments';
import { readOptions, type EvaluateOptions } from './evaluate-options';
import {
  formatCauses,
  formatDetails,
  formatReports,
  reportSet,
  type MissCause,
  type PictureReport,
  type SetReport,
  type Way,
} from './evaluate-report';
import { boxOfPartial, measurePartial } from './face-error';
import peerMap from './peer-map.json';
import { toIbug } from './peer-map';
import { readFolder, spreadOver } from './pts';
import { glOf, openSite, peerModel, writeJson, type Site } from './site';
import { readManifest, toTarget, type Target } from './targets';

interface FoundFace {
  readonly points: ArrayLike<number>;
  readonly box: Box<'image'>;
}

const STAGES = [
  ['upright', 'true upright box: network'],
  ['turned', 'true points, turned as the app does: + crop'],
  ['anyPresence', 'search, presence ignored: + detector'],
  ['app', 'search as it is: + presence'],
] as const;

function judge(
  target: Target,
  faces: readonly FoundFace[],
  ms: number | null,
  { scheme }: Manifest,
  why?: MissCause,
): PictureReport {
  const face = nearestFace(faces, target.box);
  const report = { picture: target.name, missed: !face, faces: faces.length, ms, yawDeg: target.yawDeg };
  return face ? { ...report, ...measurePartial(face.points, target.points, scheme) } : { ...report, why };
}

/** The rows of one set. */
interface SetRows {
  readonly metrics: SetReport;
  readonly split: readonly SetReport[];
  readonly peers: readonly SetReport[];
}

async function evaluateSet(
  folder: string,
  manifest: Manifest,
  options: EvaluateOptions,
  hasPeer: boolean,
): Promise<SetRows> {
  const all = await readFolder(folder, manifest.scheme.pointCount, true);
  const targets = spreadOver(all, options.limit).map((sample) => toTarget(sample, manifest));
  // MediaPipe needs WebGL to take pictures in, even on the processor.
  const gl = hasPeer ? 'software' : glOf(options.backend);
  const site = await openSite({ pictures: targets.map(({ picture }) => picture), gl });
  try {
    const backend = hasPeer && options.backend === 'auto' ? 'wasm' : options.backend;
    const opened = { model: manifest.id, detector: options.detector, backend, maxFaces: 8 };
    const info = await site.page.evaluate((asked) => window.bench.open(asked), opened);
    if (options.split) await site.page.evaluate((asked) => window.bench.openStages(asked), opened);
    const own: PictureReport[] = [];
    const peer: PictureReport[] = [];
    const stages = STAGES.map((): PictureReport[] => []);
    for (const [i, target] of targets.entries()) {
      const turns = [
        async () => own.push(await lookOurs(site, i, target, options, manifest)),
        async () => hasPeer && peer.push(await lookPeer(site, i, target, manifest)),
      ];
      for (const turn of i % 2 ? turns.reverse() : turns) await turn();
      if (options.split)
        (await lookByStages(site, i, target, manifest)).forEach((report, s) => stages[s].push(report));
      if (process.stderr.isTTY) process.stderr.write(`\r${i + 1} of ${targets.length}`);
    }
    if (process.stderr.isTTY) process.stderr.write('\n');
    const dataSet = folder.split(sep).filter(Boolean).slice(-3).join('/');
    const report = (way: Way, pictures: readonly PictureReport[], on: string = info.backend) =>
      reportSet(way, dataSet, on, pictures);
    const mien = { label: manifest.id, model: manifest.id, crop: options.crop };
    return {
      metrics: report(mien, own),
      split: options.split
        ? STAGES.map(([stage, label], s) => report({ label, model: manifest.id, crop: stage }, stages[s]))
        : [],
      peers: hasPeer
        ? [report({ label: 'MediaPipe', model: 'mediapipe', crop: 'detector' }, peer, 'cpu')]
        : [],
    };
  } finally {
    await site.close();
  }
}

async function lookOurs(
  site: Site,
  i: number,
  target: Target,
  { crop }: EvaluateOptions,
  manifest: Manifest,
) {
  const box = crop === 'truth' ? boxOfPartial(target.whole) : null;
  const { faces, ms } = await site.page.evaluate(([url, given]) => window.bench.evaluatePicture(url, given), [
    `pictures/${i}`,
    box,
  ] as const);
  return judge(target, faces, ms, manifest);
}

async function lookPeer(site: Site, i: number, target: Target, manifest: Manifest): Promise<PictureReport> {
  const { faces, ms } = await site.page.evaluate((url) => window.bench.findByPeer(url), `pictures/${i}`);
  const found = faces
    .map((mesh) => toIbug(mesh, peerMap))
    .map((points) => ({ points, box: boxOfPartial(points) }));
  return judge(target, found, ms, manifest);
}

async function lookByStages(
  site: Site,
  i: number,
  target: Target,
  manifest: Manifest,
): Promise<PictureReport[]> {
  const found = await site.page.evaluate(
    ([url, points, box]) => window.bench.findByStages(url, points, box),
    [`pictures/${i}`, target.whole, boxOfPartial(target.whole)] as const,
  );
  const isPresenceAtFault = nearestFace(found.anyPresence, target.box) !== null;
  const why = !found.hasProposal ? 'detector' : isPresenceAtFault ? 'presence' : 'wrong face';
  return STAGES.map(([stage]) => judge(target, found[stage], null, manifest, why));
}

await run(async () => {
  const options = readOptions(process.argv.slice(2));
  const manifest = await readManifest(options.model);
  const hasPeer = options.peers && existsSync(peerModel);
  if (options.peers && !hasPeer) console.log(`MediaPipe is left out: there is no ${peerModel}`);
  const sets: SetRows[] = [];
  for (const folder of options.folders) {
    const rows = await evaluateSet(folder, manifest, options, hasPeer);
    sets.push(rows);
    console.log(`\n${folder}: crop from the ${options.crop}, on ${rows.metrics.backend}`);
    console.log(
      formatReports([
        [manifest.id, rows.metrics],
        ...rows.peers.map((peer): [string, SetReport] => ['MediaPipe', peer]),
        ...rows.split.map((stage, s): [string, SetReport] => [STAGES[s][1], stage]),
      ]),
    );
    const details = formatDetails(rows.metrics);
    if (details) console.log(`${manifest.id}: ${details}`);
    if (options.split) console.log(formatCauses(rows.split[STAGES.length - 1].pictures));
  }
  if (options.json)
    await writeJson(options.json, {
      metrics: sets.map(({ metrics }) => metrics),
      split: sets.flatMap(({ split }) => split),
      peers: sets.flatMap(({ peers }) => peers),
    });
});
