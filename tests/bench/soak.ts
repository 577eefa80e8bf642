/**
 * The live page on a fake camera for minutes: tensors, GPU bytes, JS heap, DOM nodes and time per frame must stay flat.
 *   npm run soak [-- --minutes N] [--backend NAME] [--model ID] [--json FILE]
 */
import { parseArgs } from 'node:util';
import type { BackendName } from '../../src/engine/types';
import { fromHere, run } from './arguments';
import { complaints, judgesSpeed, type Sample } from './flatness';
import { soak } from './live-soak';
import { writeJson } from './site';

const columns = [
  'frames',
  'with a face',
  'p95 ms',
  'stall ms',
  'tensors',
  'GPU MiB',
  'heap MiB',
  'DOM nodes',
];
const mebibytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(2);

function print({ frames, withFace, p95Ms, stallMs, tensors, gpuBytes, heapBytes, nodes }: Sample): void {
  const gpu = gpuBytes === null ? 'none' : mebibytes(gpuBytes);
  const times = [p95Ms, stallMs].map((ms) => ms.toFixed(1));
  const cells = [frames, withFace, ...times, tensors, gpu, mebibytes(heapBytes), nodes];
  console.log(cells.map((cell, i) => String(cell).padStart(columns[i].length)).join('  '));
}

await run(async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '20' },
      backend: { type: 'string', default: 'wasm' },
      model: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const minutes = Number(values.minutes);
  if (!(minutes >= 0.5)) throw new Error(`--minutes ${values.minutes}: must be a number of at least 0.5`);
  const { backend, model } = values as { backend: BackendName; model?: string };
  console.log(columns.join('  '));
  const { samples, faults } = await soak({ minutes, backend, model, onSample: print });
  const found = [...complaints(samples), ...faults];
  if (values.json)
    await writeJson(fromHere(values.json), { backend, minutes, samples, faults, complaints: found });
  if (found.length > 0) throw new Error(found.join('\n'));
  const unjudged = judgesSpeed(samples)
    ? ''
    : ', except for speed, which could not be judged: the machine stalled';
  console.log(`${minutes} minutes on ${backend}: flat${unjudged}`);
});
