/**
 * The shipped model through the shipped engine, in headless Chromium, over a folder of pictures with .pts files.
 *   npm run evaluate -- FOLDER [--model ID] [--crop detector|truth] [--backend NAME] [--json FILE]
 */
import { readFile } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { parseArgs } from 'node:util';
import { findEntry } from '../../src/engine/download';
import { parseManifest, parseRegistry } from '../../src/engine/manifest';
import type { BackendName, Manifest } from '../../src/engine/types';
import {
  boxOfTruth,
  measureFace,
  nearestFace,
  summarise,
  type FaceError,
  type Summary,
} from '../../src/photos/measure';
import { root } from '../e2e/browser';
import { fromHere, run } from './arguments';
import { readFolder, type Sample } from './pts';
import { glOf, openSite, writeJson, type Site } from './site';
import { formatNumber, formatTable } from './table';

const usage =
  'usage: npm run evaluate -- FOLDER [--model ID] [--crop detector|truth] [--backend webgl|webgpu|wasm|cpu] [--json FILE]';
const crops = ['detector', 'truth'] as const;
const backends = ['webgl', 'webgpu', 'wasm', 'cpu'] as const;
type Crop = (typeof crops)[number];

interface PictureReport extends Partial<FaceError> {
  readonly picture: string;
  /** No face found that overlaps the true one. */
  readonly missed: boolean;
  /** Faces the detector found. */
  readonly faces: number;
  readonly ms: number;
}

interface Report extends Summary {
  readonly model: string;
  readonly crop: Crop;
  /** The last three folder names: `300w/lfpw/testset`. */
  readonly dataSet: string;
  readonly backend: BackendName;
  /** Mean time of the engine's call, per face found. */
  readonly msPerFace: number;
  readonly pictures: readonly PictureReport[];
}

function oneOf<T extends string>(name: string, values: readonly T[], value: string): T {
  const found = values.find((known) => known === value);
  if (!found) throw new Error(`--${name} ${value}: not one of ${values.join(', ')}\n${usage}`);
  return found;
}

function readArguments(args: string[]) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      crop: { type: 'string', default: 'detector' },
      backend: { type: 'string', default: 'auto' },
      json: { type: 'string' },
    },
  });
  if (positionals.length !== 1) throw new Error(usage);
  return {
    folder: fromHere(positionals[0]),
    model: values.model,
    crop: oneOf('crop', crops, values.crop),
    backend: oneOf('backend', [...backends, 'auto' as const], values.backend),
    json: values.json,
  };
}

/** Manifest of a model that ships. @throws naming the ids there are. */
async function readManifest(id: string | undefined): Promise<Manifest> {
  const models = join(root, 'static', 'models');
  const registry = join(models, 'registry.json');
  const { path } = findEntry(parseRegistry(JSON.parse(await readFile(registry, 'utf8')), registry), id);
  return parseManifest(JSON.parse(await readFile(join(models, path), 'utf8')), path);
}

async function evaluatePicture(
  site: Site,
  sample: Sample,
  index: number,
  crop: Crop,
  { scheme }: Manifest,
): Promise<PictureReport> {
  const truth = boxOfTruth(sample.points);
  const { faces, ms } = await site.page.evaluate(([url, box]) => window.bench.evaluatePicture(url, box), [
    `pictures/${index}`,
    crop === 'truth' ? truth : null,
  ] as const);
  const face = nearestFace(faces, truth);
  const error = face && measureFace(face.points, sample.points, scheme);
  return { picture: sample.name, missed: !face, faces: faces.length, ms, ...error };
}

async function evaluate({ folder, model, crop, backend }: ReturnType<typeof readArguments>): Promise<Report> {
  const manifest = await readManifest(model);
  const samples = await readFolder(folder, manifest.scheme.pointCount);
  const site = await openSite({
    pictures: samples.map((sample) => sample.picture),
    gl: glOf(backend),
  });
  try {
    const info = await site.page.evaluate((options) => window.bench.open(options), {
      model: manifest.id,
      backend,
      maxFaces: 8,
    });
    const pictures: PictureReport[] = [];
    for (const [index, sample] of samples.entries()) {
      pictures.push(await evaluatePicture(site, sample, index, crop, manifest));
      if (process.stderr.isTTY) process.stderr.write(`\r${index + 1} of ${samples.length}`);
    }
    if (process.stderr.isTTY) process.stderr.write('\n');
    const errors = pictures.map((picture) => (picture.missed ? null : (picture as FaceError)));
    const faces = pictures.reduce((sum, picture) => sum + picture.faces, 0);
    const ms = pictures.reduce((sum, picture) => sum + picture.ms, 0);
    return {
      model: manifest.id,
      crop,
      dataSet: folder.split(sep).filter(Boolean).slice(-3).join('/'),
      backend: info.backend,
      ...summarise(errors),
      msPerFace: ms / faces,
      pictures,
    };
  } finally {
    await site.close();
  }
}

function print(report: Report, folder: string): void {
  console.log(`${folder}: model ${report.model}, crop from the ${report.crop}, on ${report.backend}`);
  const cells: [string, string][] = [
    ['pictures', String(report.images)],
    ['misses', String(report.misses)],
    ['NME inter-ocular %', formatNumber(report.nmeInterOcularPct)],
    ...Object.entries(report.regions).map(([name, value]): [string, string] => [
      `  ${name}`,
      formatNumber(value),
    ]),
    ['NME box %', formatNumber(report.nmeBoxPct)],
    ['failure rate at 8 %', formatNumber(report.failureRate8Pct)],
    ['AUC at 8 %', formatNumber(report.auc8Pct)],
    ['ms per face', formatNumber(report.msPerFace)],
  ];
  console.log(formatTable([['measure', 'value'], ...cells]));
}

await run(async () => {
  const options = readArguments(process.argv.slice(2));
  const report = await evaluate(options);
  print(report, options.folder);
  if (options.json) await writeJson(fromHere(options.json), report);
});
