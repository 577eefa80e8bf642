/** Three minutes of the live page; `npm run soak` is the same for twenty. */
import { expect, it } from 'vitest';
import { complaints, judgesSpeed } from '../bench/flatness';
import { soak } from '../bench/live-soak';

const MINUTES = 3;
/** Most of it starts the browser and makes the clip. */
const BESIDES_MS = 300_000;

it(
  'holds no more and is no slower after three minutes of tracking, and nothing goes wrong',
  { timeout: MINUTES * 60_000 + BESIDES_MS, retry: 1 },
  async () => {
    const { samples, faults } = await soak({ minutes: MINUTES, backend: 'wasm' });
    if (!judgesSpeed(samples)) console.warn('soak: the machine stalled all along, its speed was not judged');
    expect([...complaints(samples), ...faults]).toEqual([]);
  },
);
