/**
 * Milliseconds per stage of a tracked frame on each backend, compared with face-api's 68-point nets on the same pictures.
 *   npm run bench [-- --frames N] [--backends wasm,webgl,cpu] [--model ID] [--peers] [--json FILE]
 * With --peers also a frame with one and two followed faces by MediaPipe's Face Landmarker, whose accuracy `npm run evaluate --
 * --peers` tells, and how soon a second visit to the app as it was built last shows points.
 */
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { BackendName, EngineInfo } from '../../src/engine/types';
import { fromHere, run } from './arguments';
import { quantile } from './quantile';
import type { WarmVisit } from '../e2e/warm-visit';
import type { Comparison } from './page/compare';
import type { StageTimes } from './page/stages';
import { glOf, openSite, peerModel, writeJson, type Site } from './site';
import { formatNumber, formatTable } from './table';
import { measureWarmStart } from './warm-start';

const WARM_UP = 10;
/** Frames for the detector. */
const LOOKS = 20;
const stages = [
  'detectMs',
  'cropMs',
  'networkMs',
  'readBackMs',
  'filterMs',
  'drawMs',
  'totalMs',
  'roundTripMs',
] as const;
/** Those that a GPU times as well. */
const gpuStages = ['cropMs', 'networkMs'] as const;
const rivals = ['mien', 'full', 'tiny'] as const;
const parts = ['cropMs', 'netMs', 'totalMs'] as const;

interface Quantiles {
  readonly p50: number;
  readonly p95: number;
}
type Stages = Record<(typeof stages)[number], Quantiles>;
type Rivals = Record<(typeof rivals)[number], Record<(typeof parts)[number], Quantiles>>;

interface BackendReport {
  readonly info: Pick<EngineInfo, 'backend' | 'thread'>;
  /** Frames with a tracked face, without the detector. */
  readonly frames: number;
  /** Frames on which the detector ran. */
  readonly looks: number;
  readonly stages: Stages;
  /** By the GPU's own clock; null where it did not tell of a single frame. */
  readonly gpu: Record<(typeof gpuStages)[number], Quantiles> | null;
  readonly landmarkStage: { readonly pictures: number; readonly tfjs: string } & Rivals;
  /** From the frame to the network's input: drawn on a canvas as the engine does, cut by tfjs, quartiles of the first over the second. */
  readonly crop: { readonly canvas: Quantiles; readonly tfjs: Quantiles; readonly ratios: readonly number[] };
  /** Ratio of our p50 to theirs, for the whole landmark stage (crop to points) and the network alone. */
  readonly ratios: Record<'full' | 'tiny', { readonly total: number; readonly net: number }>;
}

const quantiles = (values: readonly number[]): Quantiles => ({
  p50: quantile(values, 0.5),
  p95: quantile(values, 0.95),
});

function summariseStages({ tracked, detectMs }: StageTimes): Stages {
  const of = (stage: (typeof stages)[number]): readonly number[] =>
    stage === 'detectMs' ? detectMs : tracked.map((frame) => frame[stage]);
  return Object.fromEntries(stages.map((stage) => [stage, quantiles(of(stage))])) as Stages;
}

function summariseGpu({ tracked }: StageTimes): BackendReport['gpu'] {
  const told = tracked.flatMap(({ gpu }) => gpu ?? []);
  if (told.length === 0) return null;
  const of = (stage: (typeof gpuStages)[number]) => quantiles(told.map((times) => times[stage]));
  return { cropMs: of('cropMs'), networkMs: of('networkMs') };
}

function summariseRivals(comparison: Comparison): Rivals {
  return Object.fromEntries(
    rivals.map((name) => [
      name,
      Object.fromEntries(
        parts.map((part) => [part, quantiles(comparison[name].map((times) => times[part]))]),
      ),
    ]),
  ) as Rivals;
}

async function measure(
  site: Site,
  backend: BackendName,
  frames: number,
  model?: string,
): Promise<BackendReport> {
  const { page } = site;
  const info = await page.evaluate((options) => window.bench.open(options), { model, backend });
  if (info.backend !== backend)
    throw new Error(`requested ${backend}, got ${info.backend} (${info.backendReason})`);
  const times = await page.evaluate(
    ([count, looks, warmUp]) => window.bench.measureStages(count, looks, warmUp),
    [frames, LOOKS, WARM_UP],
  );
  await page.evaluate((options) => window.bench.open(options), { model, backend, thread: 'page' as const });
  const comparison = await page.evaluate(
    ([name, count, warmUp]) => window.bench.compare(name, count, warmUp),
    [backend, frames, WARM_UP] as const,
  );
  await page.evaluate(() => window.bench.close());
  const ways = await page.evaluate((args) => window.bench.compareCropWays(...args), [
    backend,
    frames,
    WARM_UP,
  ] as const);
  const wayRatios = ways.canvas.map((ms, i) => ms / ways.tfjs[i]);
  const landmarks = summariseRivals(comparison);
  const ratio = (rival: 'full' | 'tiny') => ({
    total: landmarks.mien.totalMs.p50 / landmarks[rival].totalMs.p50,
    net: landmarks.mien.netMs.p50 / landmarks[rival].netMs.p50,
  });
  return {
    info: { backend: info.backend, thread: info.thread },
    frames,
    looks: LOOKS,
    stages: summariseStages(times),
    gpu: summariseGpu(times),
    landmarkStage: { pictures: frames, tfjs: comparison.tfjs, ...landmarks },
    ratios: { full: ratio('full'), tiny: ratio('tiny') },
    crop: {
      canvas: quantiles(ways.canvas),
      tfjs: quantiles(ways.tfjs),
      ratios: [0.25, 0.5, 0.75].map((share) => quantile(wayRatios, share)),
    },
  };
}

const cells = ({ p50, p95 }: Quantiles): string[] => [formatNumber(p50), formatNumber(p95)];
const formatStage: Record<(typeof stages)[number], string> = {
  detectMs: 'detect, when a face is missing',
  cropMs: 'crop',
  networkMs: 'network',
  readBackMs: 'read-back',
  filterMs: 'filter',
  drawMs: 'draw',
  totalMs: 'engine, followed frame',
  roundTripMs: 'including the round trip to the worker',
};
const formatRival: Record<(typeof rivals)[number], string> = {
  mien: 'Mien',
  full: 'face-api faceLandmark68Net',
  tiny: 'face-api faceLandmark68TinyNet',
};

function print(report: BackendReport): void {
  const { info, landmarkStage, ratios, gpu } = report;
  console.log(
    `\n${info.backend}, engine in the ${info.thread}: 640×480, ${report.frames} tracked frames, ${report.looks} with the detector`,
  );
  console.log(
    formatTable([
      ['stage', 'p50 ms', 'p95 ms'],
      ...stages.map((stage) => [formatStage[stage], ...cells(report.stages[stage])]),
      ...(gpu
        ? gpuStages.map((stage) => [`${formatStage[stage]}, by the GPU's own clock`, ...cells(gpu[stage])])
        : []),
    ]),
  );
  if (!gpu) console.log(`${info.backend}: no GPU tells its own times`);
  const { crop } = report;
  console.log(
    `\n${info.backend}, frame to crop: ${formatNumber(crop.canvas.p50)} ms drawn on a canvas, ${formatNumber(crop.tfjs.p50)} cut by tfjs; ratio ${crop.ratios.map(formatNumber).join(', ')} (quartiles)`,
  );
  console.log(
    `\n${info.backend}, landmark stage on the page's thread, ${landmarkStage.pictures} pictures, alternating`,
  );
  const head = ['net', 'crop p50', 'p95', 'net p50', 'p95', 'both p50', 'p95', 'Mien / it'];
  const rows = rivals.map((name) => [
    formatRival[name],
    ...parts.flatMap((part) => cells(landmarkStage[name][part])),
    name === 'mien' ? '' : formatNumber(ratios[name].total),
  ]);
  console.log(formatTable([head, ...rows]));
}

interface PeerReport {
  readonly faces: 1 | 2;
  readonly frames: number;
  readonly mien: Quantiles;
  readonly mediapipe: Quantiles;
  /** Quartiles of our time over theirs, frame by frame. */
  readonly ratios: { readonly p25: number; readonly p50: number; readonly p75: number };
}

/** Frames of followed faces by both on the page's thread, on WebAssembly; null, and a line that says so, where its model is not there. */
async function measurePeer(frames: number, model?: string): Promise<PeerReport[] | null> {
  if (!existsSync(peerModel)) {
    console.log(`\nMediaPipe is left out: there is no ${peerModel}`);
    return null;
  }
  // MediaPipe needs WebGL to take pictures in, even on the processor.
  const { page, close } = await openSite({ gl: 'software' });
  try {
    const reports: PeerReport[] = [];
    for (const faces of [1, 2] as const) {
      await page.evaluate((options) => window.bench.open(options), {
        model,
        maxFaces: faces,
        backend: 'wasm' as const,
        thread: 'page' as const,
      });
      const { mien, mediapipe } = await page.evaluate((args) => window.bench.followBeside(...args), [
        faces,
        frames,
        WARM_UP,
      ] as const);
      const each = mien.map((ms, i) => ms / mediapipe[i]);
      const [p25, p50, p75] = [0.25, 0.5, 0.75].map((share) => quantile(each, share));
      const ratios = { p25, p50, p75 };
      reports.push({ faces, frames, mien: quantiles(mien), mediapipe: quantiles(mediapipe), ratios });
    }
    return reports;
  } finally {
    await close();
  }
}

function printPeer(reports: readonly PeerReport[]): void {
  console.log(
    `\nframes of followed faces at 640×480 on the processor, on the page's thread, ${reports[0].frames} each, alternating`,
  );
  const rows = reports.map(({ faces, mien, mediapipe, ratios }) => [
    String(faces),
    ...cells(mien),
    ...cells(mediapipe),
    ...[ratios.p25, ratios.p50, ratios.p75].map(formatNumber),
  ]);
  const head = [
    'faces',
    'Mien p50 ms',
    'p95',
    'Face Landmarker p50 ms',
    'p95',
    'Mien / it p25',
    'p50',
    'p75',
  ];
  console.log(formatTable([head, ...rows]));
}

function printWarmStart(visits: readonly WarmVisit[]): void {
  const spread = (times: readonly number[]) => {
    const [lowest, median, highest] = [0, 0.5, 1].map((share) => quantile(times, share).toFixed(0));
    return `${median} ms (${lowest} to ${highest})`;
  };
  const wall = spread(visits.map(({ wallMs }) => wallMs));
  const cpu = spread(visits.map(({ cpuMs }) => cpuMs));
  console.log(`\nfrom the address to the first points on a warm start, median of ${visits.length} visits:`);
  console.log(`${wall} by the clock, ${cpu} of processor time`);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      frames: { type: 'string', default: '150' },
      backends: { type: 'string', default: 'wasm' },
      model: { type: 'string' },
      peers: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  const frames = Number(values.frames);
  if (!Number.isInteger(frames) || frames < 10)
    throw new Error(`--frames ${values.frames}: must be a whole number of at least 10`);
  const reports: BackendReport[] = [];
  for (const backend of values.backends.split(',') as BackendName[]) {
    const site = await openSite({ gl: glOf(backend) });
    try {
      reports.push(await measure(site, backend, frames, values.model));
    } finally {
      await site.close();
    }
    print(reports[reports.length - 1]);
  }
  const peer = values.peers ? await measurePeer(frames, values.model) : null;
  if (peer) printPeer(peer);
  const warmStart = values.peers ? await measureWarmStart() : null;
  if (warmStart) printWarmStart(warmStart);
  const machine = { processor: cpus()[0].model, cores: cpus().length };
  console.log(`\n${machine.cores} cores, ${machine.processor}`);
  if (values.json) await writeJson(fromHere(values.json), { machine, backends: reports, peer, warmStart });
}

await run(main);
