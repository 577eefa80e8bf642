/**
 * What gaze costs: a tracked face at 640×480 on wasm on one thread of the engine's worker, with signals, without and with gaze
 * alternately, frame by frame.
 *   npm run bench:gaze [-- --rounds N]
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../e2e/browser';
import { openEngineSite } from '../e2e/engine-page/site';
import { tellCores } from '../e2e/in-worker';
import { run } from './arguments';
import { quantile } from './quantile';
import { formatNumber, formatTable } from './table';

const portrait = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
const FRAMES = 60;
const STAGES = ['cropMs', 'networkMs', 'readBackMs', 'filterMs', 'wholeMs'] as const;
type Times = Readonly<Record<(typeof STAGES)[number], number>>;
const median = (values: readonly number[]): number => quantile(values, 0.5);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { rounds: { type: 'string', default: '5' } } });
  const rounds = Number(values.rounds);
  const site = await openEngineSite(portrait, { gl: 'none' });
  try {
    // The engine uses half of the logical cores.
    await tellCores(site.page, 2);
    await site.reload();
    const pairs = await site.page.evaluate(
      ({ rounds, frames }) => {
        const { drawFrame, withEngine } = window.engineLibrary;
        const options = { backend: 'wasm', thread: 'worker', signals: true, gaze: true } as const;
        return withEngine(options, async (engine) => {
          const pairs: { without: Times; with: Times }[] = [];
          let timeMs = 0;
          async function time(gaze: boolean, i: number): Promise<Times> {
            await engine.tune({ gaze });
            const frame = await drawFrame([{ name: 'astronaut.png', x: 100 + (i % 10), y: 0, sizePx: 480 }]);
            const startMs = performance.now();
            const { timings } = (await engine.track(frame, (timeMs += 33)))!;
            return { ...timings, wholeMs: performance.now() - startMs };
          }
          for (let i = 0; i < rounds * frames; i++)
            pairs.push({ without: await time(false, i), with: await time(true, i) });
          return pairs.slice(frames / 2);
        });
      },
      { rounds, frames: FRAMES },
    );
    console.log(`${pairs.length} pairs of frames; medians, ms`);
    const rows = STAGES.map((stage) => [
      stage,
      ...[
        pairs.map((pair) => pair.without[stage]),
        pairs.map((pair) => pair.with[stage]),
        pairs.map((pair) => pair.with[stage] - pair.without[stage]),
      ].map((times) => formatNumber(median(times))),
    ]);
    console.log(formatTable([['', 'without', 'with gaze', 'more'], ...rows]));
  } finally {
    await site.close();
  }
}

await run(main);
