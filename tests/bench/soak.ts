/**
 * Thousands of frames through the engine: tensors, JS heap and time per frame have to stay flat; 36000 are 20 minutes of video.
 *   npm run soak [-- --frames N] [--backend NAME] [--model ID] [--json FILE]
 */
import { parseArgs } from 'node:util';
import type { BackendName } from '../../src/engine/types';
import { fromHere } from './arguments';
import { complaints, slowdown } from './flatness';
import { glOf, openSite, writeJson } from './site';
import { formatTable } from './table';

const EVERY = 100;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      frames: { type: 'string', default: '3000' },
      backend: { type: 'string', default: 'wasm' },
      model: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const frames = Number(values.frames);
  if (!Number.isInteger(frames) || frames < 3 * EVERY) {
    throw new Error(`--frames ${values.frames}: not a whole number from ${3 * EVERY}`);
  }
  const site = await openSite({ gl: glOf(values.backend) });
  try {
    const backend = values.backend as BackendName;
    const info = await site.page.evaluate((options) => window.bench.open(options), {
      model: values.model,
      backend,
    });
    if (info.backend !== backend) throw new Error(`asked for ${backend}, got ${info.backend}`);
    const samples = await site.page.evaluate(
      ([count, every]) => window.bench.soak(count, every),
      [frames, EVERY],
    );
    const rows = samples.map(({ frame, tensors, heapBytes, p95Ms }) => [
      String(frame),
      String(tensors),
      (heapBytes / 1024 ** 2).toFixed(2),
      p95Ms.toFixed(1),
    ]);
    console.log(formatTable([['frame', 'tensors', 'heap MiB', 'p95 ms'], ...rows]));
    const found = [...complaints(samples), ...slowdown(samples)];
    if (values.json) {
      await writeJson(fromHere(values.json), {
        backend: info.backend,
        thread: info.thread,
        frames,
        samples,
        complaints: found,
      });
    }
    if (found.length > 0) throw new Error(found.join('\n'));
    console.log(`${frames} frames on ${info.backend} in the ${info.thread}: flat`);
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
