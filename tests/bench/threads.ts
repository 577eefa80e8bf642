/**
 * What a second thread gains on wasm: a followed face at 640×480, in the engine's worker, by one thread and by two in turn.
 *   npm run bench:threads [-- --rounds N]
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../e2e/browser';
import { tellCores } from '../e2e/cores';
import { openEngineSite } from '../e2e/engine-page/site';
import { run } from './arguments';
import { quantile } from './quantile';
import { formatNumber, formatTable } from './table';

const MODELS = ['resnet-lite', 'resnet18', 'unet-lite'];
const THREADS = [1, 2];
const FRAMES = 120;
const portrait = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };

/** @returns median of one frame, ms. */
async function measure(model: string, threads: number): Promise<number> {
  const { page, close } = await openEngineSite(portrait);
  try {
    // The engine takes half of the logical cores.
    await tellCores(page, 2 * threads);
    await page.reload();
    await page.waitForFunction(() => 'engineLibrary' in window);
    const { times, reason } = await page.evaluate(
      ({ model, frames }) => {
        const { drawFrame, withEngine } = window.engineLibrary;
        return withEngine({ backend: 'wasm', thread: 'worker', model }, async (engine) => {
          const times: number[] = [];
          for (let i = 0; i < frames; i++) {
            const frame = await drawFrame([{ name: 'astronaut.png', x: 100 + (i % 10), y: 0, sizePx: 480 }]);
            const startMs = performance.now();
            await engine.track(frame, 33 * i);
            times.push(performance.now() - startMs);
          }
          return { times, reason: engine.info.backendReason };
        });
      },
      { model, frames: FRAMES },
    );
    if (threads > 1 !== reason.includes(`on ${threads} threads`))
      throw new Error(`${model}: not on ${threads} threads (${reason})`);
    return quantile(times, 0.5);
  } finally {
    await close();
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
  const rounds = Number(values.rounds);
  console.log(`${cpus()[0].model}, ${cpus().length} logical cores; medians of ${FRAMES} frames, ms`);
  const rows = [['model', ...THREADS.map((threads) => `threads: ${threads}`), 'ratio']];
  for (const model of MODELS) {
    const pairs: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      const pair: number[] = [];
      for (const threads of THREADS) pair.push(await measure(model, threads));
      pairs.push(pair);
    }
    const medians = THREADS.map((_, i) =>
      quantile(
        pairs.map((pair) => pair[i]),
        0.5,
      ),
    );
    const ratio = quantile(
      pairs.map(([one, two]) => two / one),
      0.5,
    );
    rows.push([model, ...[...medians, ratio].map(formatNumber)]);
  }
  console.log(formatTable(rows));
}

await run(main);
