import { expect, it } from 'vitest';
import { warmUp, type WarmUp } from './warm-up';

/** What a warm-up for two faces runs, in its order. */
async function stepsOn(readsPixels: boolean): Promise<string[]> {
  const steps: string[] = [];
  const networks = {
    backend: { readsPixels, compile: async () => {} },
    detector: { selfTestAnswers: async () => void steps.push('detector') },
    perFace: ['faces', 'pairs of eyes'].map((what) => ({
      runIdle: async (count: number) => void steps.push(`${count} ${what}`),
    })),
  } as unknown as WarmUp;
  const told: number[] = [];
  await warmUp(networks, 2, (progress) => progress.kind === 'warm-up' && told.push(progress.done));
  expect(told).toEqual([0, ...steps.keys()].map((done, i) => (i ? done + 1 : 0)));
  return steps;
}

it('a GPU compiles for the detector and each number of faces before the first frame', async () => {
  expect(await stepsOn(false)).toEqual([
    'detector',
    ...['1 faces', '2 faces'],
    ...['1 pairs of eyes', '2 pairs of eyes'],
  ]);
});

it('a CPU, which compiles nothing, runs one pass that checks the model', async () => {
  expect(await stepsOn(true)).toEqual(['1 faces', '1 pairs of eyes']);
});
