/** `npm run bench:signals`: ms that the signals of a face take on this thread, by the clock and of the processor. */

import { loadExpression } from '../../src/engine/signals/expression';
import { createFaceSignals, signalsOfStill } from '../../src/engine/signals/face-signals';
import { blinkTrack } from '../fixtures/signals/read';
import { quantile } from './quantile';

const ROUNDS = 8;
const WARM_UP = 2;

await loadExpression();
const { frames, camera } = blinkTrack();
type Frame = (typeof frames)[number];

/** Runs all frames again and again; `start` begins a round. */
function measure(name: string, start: () => (frame: Frame) => void): void {
  const times: number[] = [];
  let usage = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) {
    const run = start();
    if (round === WARM_UP) usage = process.cpuUsage();
    for (const frame of frames) {
      const startMs = performance.now();
      run(frame);
      if (round >= WARM_UP) times.push(performance.now() - startMs);
    }
  }
  const { user, system } = process.cpuUsage(usage);
  const processorMs = (user + system) / 1000 / times.length;
  const [half, most] = [0.5, 0.9].map((share) => quantile(times, share).toFixed(3));
  console.log(
    `${name}: median ${half} ms a face, 90 % within ${most}; ${processorMs.toFixed(3)} ms of the processor`,
  );
}

measure('followed', () => {
  const signals = createFaceSignals();
  return ({ points, timeMs }) =>
    signals.measure({ points, rawPoints: points, spread: null, camera, timeMs, smoothing: 0.5 });
});
measure(
  'in a still',
  () =>
    ({ points }) =>
      signalsOfStill(points, null, camera),
);
