/** Arguments of `npm run evaluate`. */
import { parseArgs } from 'node:util';
import { DETECTOR_NAMES } from '../../src/engine/options';
import type { DetectorName } from '../../src/engine/types';
import { fromHere } from './arguments';

export const usage = `usage: npm run evaluate -- FOLDER… [--model ID] [--detector ID] [--crop detector|truth]
                          [--backend webgl|webgpu|wasm|cpu] [--limit N] [--split] [--peers] [--json FILE]

  --crop    where the network's crop comes from: the app's own search (detector), or the true box
  --limit   at most N pictures of each folder, evenly over their names
  --split   also what detector, presence, crop and network each add to the error
  --peers   also MediaPipe's Face Landmarker on the same pictures, in turns
  --json    writes { metrics, split, peers }: lists with one entry per folder (split: per folder and way) of
            model, crop, dataSet, backend, images, misses, nmeInterOcularPct, nmeBoxPct, nmeInnerBoxPct, failureRate8Pct,
            auc8Pct, regions, yawBins [{ yawDeg, images, misses, nmeInterOcularPct, nmeBoxPct, nmeInnerBoxPct }], msPerFace and
            pictures; null where a measure does not apply. mien.export and mien.cards take the file beside mien.evaluate's

A .pts row of \`nan nan\` is a point that nobody placed; it is left out everywhere. Box errors are in shares of
√(width · height) of the upright box of the true points there are; inner points are 17 to 67. A face is missed where the found
face with the nearest centre does not overlap the true box (intersection over union 0), or nothing was found; misses stay out
of the means. Yaw is of a rigid 3-D fit of the mean face to the true points. Labels count as they lie: those of AFLW2000-3D lie farther
off than networks are (see training/README.md).`;
const crops = ['detector', 'truth'] as const;
const backends = ['webgl', 'webgpu', 'wasm', 'cpu', 'auto'] as const;
export type Crop = (typeof crops)[number];

function oneOf<T extends string>(name: string, values: readonly T[], value: string): T {
  const found = values.find((known) => known === value);
  if (!found) throw new Error(`--${name} ${value}: not one of ${values.join(', ')}\n${usage}`);
  return found;
}

export interface EvaluateOptions {
  readonly folders: readonly string[];
  readonly model: string | undefined;
  readonly detector: DetectorName;
  readonly crop: Crop;
  readonly backend: (typeof backends)[number];
  readonly limit: number | undefined;
  readonly split: boolean;
  readonly peers: boolean;
  readonly json: string | undefined;
}

/** @throws naming the argument, with the usage. */
export function readOptions(args: string[]): EvaluateOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      model: { type: 'string' },
      detector: { type: 'string', default: DETECTOR_NAMES[0] },
      crop: { type: 'string', default: 'detector' },
      backend: { type: 'string', default: 'auto' },
      limit: { type: 'string' },
      split: { type: 'boolean', default: false },
      peers: { type: 'boolean', default: false },
      json: { type: 'string' },
    },
  });
  if (positionals.length === 0) throw new Error(usage);
  const limit = values.limit === undefined ? undefined : Number(values.limit);
  if (limit !== undefined && !(Number.isInteger(limit) && limit > 0))
    throw new Error(`--limit ${values.limit}: must be a whole number above 0`);
  return {
    folders: positionals.map(fromHere),
    model: values.model,
    detector: oneOf('detector', DETECTOR_NAMES, values.detector),
    crop: oneOf('crop', crops, values.crop),
    backend: oneOf('backend', backends, values.backend),
    limit,
    split: values.split,
    peers: values.peers,
    json: values.json && fromHere(values.json),
  };
}
