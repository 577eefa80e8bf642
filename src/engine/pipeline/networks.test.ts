import { expect, it } from 'vitest';
import { warmUp, type Networks } from './networks';

/** What a warm-up for two faces runs, in its order. */
async function stepsOn(readsPixels: boolean): Promise<string[]> {
  const steps: string[] = [];
  const networks = {
    backend: { readsPixels, compile: async () => {} },
    detector: { selfTestAnswers: async () => void steps.push('detector') },
    landmarker: { runIdle: async (count: number) => void steps.push(`${count} faces`) },
  } as unknown as Networks;
  const told: number[] = [];
  await warmUp(networks, 2, (progress) => progress.kind === 'warm-up' && told.push(progress.done));
  expect(told).toEqual([0, ...steps.keys()].map((done, i) => (i ? done + 1 : 0)));
  return steps;
}

it('a GPU compiles for the detector and each number of faces before the first frame', async () => {
  expect(await stepsOn(false)).toEqual(['detector', '1 faces', '2 faces']);
});

it('a CPU, which compiles nothing, runs one pass that checks the model', async () => {
  expect(await stepsOn(true)).toEqual(['1 faces']);
});
