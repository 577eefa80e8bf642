import { expect, it, vi } from 'vitest';
import { createLink } from './link';

it('what the caller’s onProgress throws ends the start with it, wherever the pipeline is made', async () => {
  const stop = vi.fn();
  const link = createLink(() => {
    throw new Error('not mine');
  }, stop);
  const starting = link.guardStart(new Promise(() => {}));
  // As a worker tells it: by a message, whose answer nobody waits for.
  expect(() => link.events.onProgress({ kind: 'backend', backend: 'wasm' })).toThrow('not mine');
  await expect(starting).rejects.toThrow('not mine');
  expect(stop).toHaveBeenCalledTimes(1);
});
