/**
 * Pictures per second from pixels to the points of all faces, on wasm, compared with face-api on the same pictures in one run.
 *   npm run bench:photos -- FOLDER [--pictures N] [--model ID] [--json FILE]
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import type { Scheme } from '../../src/engine/types';
import { boxOfTruth, measureFace, nearestFace, summarise } from '../../src/features/photos/metrics/measure';
import { fromHere, run } from './arguments';
import type { Contestant, Found } from './page/photos';
import { readFolder, type Sample } from './pts';
import { quantile } from './quantile';
import { openSite, writeJson } from './site';
import { formatNumber, formatTable } from './table';

const usage = 'usage: npm run bench:photos -- FOLDER [--pictures N] [--model ID] [--json FILE]';
/** The annotations of 300-W, and the points of both. */
const POINTS = 68;
const BACKEND = 'wasm';
const words: Record<Contestant, string> = {
  search: 'Mien, as Photos has it',
  look: 'Mien, single scale',
  ssd: 'face-api ssdMobilenetv1, faceLandmark68Net',
  tiny: 'face-api tinyFaceDetector, faceLandmark68Net',
};

/** @param rival its times on the same pictures, for a comparison picture by picture. */
function summariseFound(
  found: readonly Found[],
  rival: readonly Found[],
  samples: readonly Sample[],
  scheme: Scheme,
) {
  const errors = found.map(({ faces }, i) => {
    const boxed = faces.map((points) => ({ points, box: boxOfTruth(points) }));
    const face = nearestFace(boxed, boxOfTruth(samples[i].points));
    return face && measureFace(face.points, samples[i].points, scheme);
  });
  const ms = found.map((one) => one.ms);
  const { misses, nmeInterOcularPct } = summarise(errors);
  return {
    picturesPerSecond: (1000 * found.length) / ms.reduce((sum, value) => sum + value, 0),
    p50Ms: quantile(ms, 0.5),
    p95Ms: quantile(ms, 0.95),
    /** Median over the pictures of its time over the rival's. */
    ratio: quantile(
      ms.map((value, i) => value / rival[i].ms),
      0.5,
    ),
    faces: found.reduce((sum, { faces }) => sum + faces.length, 0),
    misses,
    nmeInterOcularPct,
  };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { pictures: { type: 'string' }, model: { type: 'string' }, json: { type: 'string' } },
  });
  if (positionals.length !== 1) throw new Error(usage);
  const all = await readFolder(fromHere(positionals[0]), POINTS);
  const count = values.pictures === undefined ? all.length : Number(values.pictures);
  if (!Number.isInteger(count) || count < 1)
    throw new Error(`--pictures ${values.pictures}: must be a whole number of at least 1\n${usage}`);
  const samples = all.slice(0, count);
  const site = await openSite({ pictures: samples.map(({ picture }) => picture) });
  try {
    const { manifest } = await site.page.evaluate((options) => window.bench.open(options), {
      model: values.model,
      backend: BACKEND,
      thread: 'page',
      maxFaces: 8,
    } as const);
    const found = await site.page.evaluate(
      ([backend, pictures]) => window.bench.comparePhotos(backend, pictures),
      [BACKEND, samples.length] as const,
    );
    const names = Object.keys(words) as Contestant[];
    const report = Object.fromEntries(
      names.map((name) => [name, summariseFound(found[name], found.ssd, samples, manifest.scheme)]),
    );
    const machine = { processor: cpus()[0].model, cores: cpus().length };
    console.log(
      `${positionals[0]}: ${samples.length} pictures, model ${manifest.id}, on ${BACKEND}, one thread`,
    );
    console.log(
      formatTable([
        ['finder', 'pictures/s', 'p50 ms', 'p95 ms', '/ ssd', 'faces', 'misses', 'NME %'],
        ...names.map((name) => {
          const { picturesPerSecond, p50Ms, p95Ms, ratio, faces, misses, nmeInterOcularPct } = report[name];
          const rest = [p50Ms, p95Ms, ratio].map(formatNumber);
          const counts = [String(faces), String(misses), formatNumber(nmeInterOcularPct)];
          return [words[name], formatNumber(picturesPerSecond), ...rest, ...counts];
        }),
      ]),
    );
    console.log(`${machine.cores} cores, ${machine.processor}`);
    if (values.json)
      await writeJson(fromHere(values.json), {
        machine,
        model: manifest.id,
        pictures: samples.length,
        ...report,
      });
  } finally {
    await site.close();
  }
}

await run(main);
