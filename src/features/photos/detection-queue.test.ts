import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { foundFace, newPhoto, photoModel, storageInMemory } from '../../../tests/fixtures/photos';
import { EngineError } from '../../engine/errors';
import type { Engine } from '../../engine';
import type { EngineRequest } from '../../services/engine/engine-host';
import { DetectionQueue } from './detection-queue.svelte';
import type { EngineAccess } from './engine-access';
import { PhotoStore } from './store.svelte';

vi.mock('./import', async (original) => ({
  ...(await original<typeof import('./import')>()),
  decodePicture: async (_: Blob, name: string) => ({ name, close() {} }),
}));

type Fate = (name: string) => Promise<void>;

/** A queue over so many pictures, on an engine without any order of its own: each detection ends as `fate` says. */
async function setUp(count: number, fate: Fate) {
  const store = new PhotoStore(storageInMemory().open);
  store.learn(photoModel('small'));
  const photos = Array.from({ length: count }, (_, i) => store.add(newPhoto(`${i}.jpg`)));
  const started: string[] = [];
  const requests: EngineRequest[] = [];
  const engine = {
    info: { manifest: photoModel('small') },
    lost: false,
    async detect({ name }: { name: string }, { signal }: { signal: AbortSignal }) {
      started.push(name);
      await fate(name);
      signal.throwIfAborted();
      return { faces: [foundFace(1, 2)] };
    },
  } as unknown as Engine;
  const host: EngineAccess = {
    progress: null,
    run(request, use) {
      requests.push(request);
      return use(engine, request.signal ?? new AbortController().signal);
    },
  };
  const problems: string[] = [];
  const queue = new DetectionQueue(
    { store, host },
    { onNote: () => {}, onProblem: (thrown) => problems.push((thrown as Error).message) },
  );
  queue.resume();
  await store.settled();
  return { store, photos, queue, started, requests, problems };
}

/** Fates that the test decides. */
function gates() {
  const ends = new Map<string, { resolve: () => void; reject: (error: unknown) => void }>();
  const turn = () => new Promise((resolve) => setTimeout(resolve, 5));
  return {
    fate: ((name) => new Promise((resolve, reject) => ends.set(name, { resolve, reject }))) as Fate,
    turn,
    async end(name: string, error?: Error) {
      if (error) ends.get(name)!.reject(error);
      else ends.get(name)!.resolve();
      await turn();
    },
  };
}

describe('detection queue', () => {
  it('works on two at once and no more, in the order they came', async () => {
    const { fate, turn, end } = gates();
    const { queue, photos, started } = await setUp(3, fate);
    queue.detectAll(photos, 'small');
    await turn();
    expect(started).toEqual(['0.jpg', '1.jpg']);
    expect(queue.progress).toEqual({ done: 0, total: 3 });
    await end('1.jpg');
    expect([started, queue.progress]).toEqual([['0.jpg', '1.jpg', '2.jpg'], { done: 1, total: 3 }]);
    await end('0.jpg');
    await end('2.jpg');
    expect(queue.progress).toBeNull();
  });

  it('tells of each failure with its picture; the rest goes on', async () => {
    const { queue, photos, problems, store } = await setUp(3, async (name) => {
      if (name !== '1.jpg') throw new Error('broken');
    });
    queue.detectAll(photos, 'small');
    await queue.whenIdle();
    expect(problems).toEqual([
      '0.jpg could not be processed (broken).',
      '2.jpg could not be processed (broken).',
    ]);
    expect(store.photos.map(({ work }) => work.kind)).toEqual(['failed', 'done', 'failed']);
  });

  it('takes a throw before the first await for a failure like any other', async () => {
    const { queue, photos, problems } = await setUp(2, () => {
      throw new Error('at once');
    });
    queue.detectAll(photos, 'small');
    await queue.whenIdle();
    expect([problems.length, queue.progress]).toEqual([2, null]);
  });

  it('when cancelled starts nothing more, aborts what runs, and takes new work', async () => {
    const { fate, turn, end } = gates();
    const { queue, photos, started, requests, problems } = await setUp(4, fate);
    queue.detectAll(photos.slice(0, 3), 'small');
    await turn();
    queue.cancel();
    expect([requests[0].signal!.aborted, queue.progress]).toEqual([true, null]);
    await queue.whenIdle();
    await end('0.jpg', new Error('aborted'));
    await end('1.jpg');
    expect([started, problems]).toEqual([['0.jpg', '1.jpg'], []]);
    queue.detectAll([photos[3]], 'small');
    await turn();
    expect(requests.at(-1)!.signal!.aborted).toBe(false);
    await end('3.jpg');
    expect([started, queue.progress]).toEqual([['0.jpg', '1.jpg', '3.jpg'], null]);
  });

  it('tells the engine what is viewed, and has that processed next', async () => {
    const { fate, turn, end } = gates();
    const { queue, photos, started, requests } = await setUp(5, fate);
    queue.detectAll(photos, 'small');
    const viewed = queue.detectNow(photos[4].id, 'small');
    await turn();
    await end('0.jpg');
    expect(started[2]).toBe('4.jpg');
    expect(requests.map(({ priority }) => priority)).toEqual(['batch', 'batch', 'viewed']);
    await end('4.jpg');
    await viewed;
    queue.cancel();
  });

  it('throws the engine’s fault to who views the picture, and tells a batch of it once', async () => {
    const { queue, photos, problems } = await setUp(4, async () => {
      throw new EngineError('context-lost', 'the GPU is gone');
    });
    queue.detectAll(photos, 'small');
    await queue.whenIdle();
    expect(problems).toEqual(['the GPU is gone']);
    await expect(queue.detectNow(photos[0].id, 'small')).rejects.toThrow('the GPU is gone');
  });

  it('marks a picture on which the engine hangs, and goes on with the others', async () => {
    const { queue, photos, problems, store } = await setUp(3, async (name) => {
      if (name === '1.jpg') throw new EngineError('unresponsive', 'detect: no answer');
    });
    queue.detectAll(photos, 'small');
    await queue.whenIdle();
    expect(problems).toEqual(['1.jpg could not be processed (detect: no answer).']);
    expect(store.photos.map(({ work }) => work.kind)).toEqual(['done', 'failed', 'done']);
  });

  it('is idle when nothing was ever added', async () => {
    await (await setUp(0, async () => {})).queue.whenIdle();
  });

  it('adds no listener to a signal that outlives the picture', async () => {
    const { queue, photos, requests } = await setUp(6, async () => {});
    queue.detectAll(photos, 'small');
    await queue.whenIdle();
    expect(new Set(requests.map(({ signal }) => signal)).size).toBe(6);
  });

  it('ends with every picture done or failed, whatever order they end in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.scheduler(),
        async (fates, scheduler) => {
          const running = { now: 0, most: 0 };
          const { queue, photos, store } = await setUp(fates.length, async (name) => {
            running.most = Math.max(running.most, ++running.now);
            const fails = fates[Number.parseInt(name, 10)];
            await scheduler
              .schedule(fails ? Promise.reject(new Error('fate')) : Promise.resolve())
              .finally(() => running.now--);
          });
          queue.detectAll(photos, 'small');
          await scheduler.waitFor(queue.whenIdle());
          expect(store.photos.map(({ work }) => work.kind === 'failed')).toEqual(fates);
          expect([queue.progress, running.most]).toEqual([null, Math.min(2, fates.length)]);
        },
      ),
      { numRuns: 30 },
    );
  });
});
