/**
 * What a second thread gains on wasm: a tracked face at 640×480, in the engine's worker, with one and with two threads
 * alternately.
 *   npm run bench:threads [-- --rounds N]
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../e2e/browser';
import { openEngineSite, type EngineSite } from '../e2e/engine-page/site';
import { tellCores } from '../e2e/in-worker';
import { run } from './arguments';
import { quantile } from './quantile';
import { formatNumber, formatTable } from './table';

const MODELS = ['lite', 'resnet', 'unet'];
const FRAMES = 120;
const median = (values: readonly number[]): number => quantile(values, 0.5);
const portrait = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };

/** @returns median time per frame, ms. */
async function measure({ page, reload }: EngineSite, model: string, threads: number): Promise<number> {
  // The engine uses half of the logical cores.
  await tellCores(page, 2 * threads);
  await reload();
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
  return median(times);
}

/** One row of the table: medians over the rounds, and the median of the rounds' ratios. */
async function compare(site: EngineSite, model: string, rounds: number): Promise<string[]> {
  const pairs: [one: number, two: number][] = [];
  for (let round = 0; round < rounds; round++)
    pairs.push([await measure(site, model, 1), await measure(site, model, 2)]);
  const medians = [
    pairs.map(([one]) => one),
    pairs.map(([, two]) => two),
    pairs.map(([one, two]) => two / one),
  ];
  return [model, ...medians.map(median).map(formatNumber)];
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '3' } } });
  console.log(`${cpus()[0].model}, ${cpus().length} logical cores; medians of ${FRAMES} frames, ms`);
  const site = await openEngineSite(portrait, { gl: 'none' });
  try {
    const rows = [['model', 'one thread', 'two', 'ratio']];
    for (const model of MODELS) rows.push(await compare(site, model, Number(values.rounds)));
    console.log(formatTable(rows));
  } finally {
    await site.close();
  }
}

await run(main);
