import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { createQueue, type QueueState } from './queue';

/** Work that ends when it is told to. */
function createWork() {
  const ends = new Map<number, { resolve: () => void; reject: (error: unknown) => void }>();
  const process = vi.fn((item: number, _signal: AbortSignal) => {
    let resolve!: () => void;
    let reject!: (error: unknown) => void;
    const promise = new Promise<void>((...both) => ([resolve, reject] = both));
    ends.set(item, { resolve, reject });
    return promise;
  });
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  return {
    process,
    end: async (item: number, error?: Error) => {
      if (error) ends.get(item)!.reject(error);
      else ends.get(item)!.resolve();
      await settled();
    },
  };
}

describe('a queue', () => {
  it('works on so many at once and no more, in the order they came', async () => {
    const work = createWork();
    const queue = createQueue(work.process, { concurrency: 2 });
    queue.add([1, 2, 3]);
    expect(work.process.mock.calls.map(([item]) => item)).toEqual([1, 2]);
    await work.end(2);
    expect(work.process.mock.calls.map(([item]) => item)).toEqual([1, 2, 3]);
    expect(queue.state).toEqual({ total: 3, done: 1, failed: 0, running: 2 });
  });

  it('tells of every change, and of each failure with its item; the rest goes on', async () => {
    const states: QueueState[] = [];
    const failures: unknown[] = [];
    const broken = new Error('broken');
    const queue = createQueue<number>(
      async (item) => {
        if (item % 2) throw broken;
      },
      { onChange: (state) => states.push(state), onFailure: (...failure) => failures.push(failure) },
    );
    queue.add([1, 2, 3]);
    await queue.whenIdle();
    expect(failures).toEqual([
      [1, broken],
      [3, broken],
    ]);
    expect(states.at(-1)).toEqual({ total: 3, done: 1, failed: 2, running: 0 });
  });

  it('takes a throw before the first await for a failure like any other', async () => {
    const queue = createQueue<number>(() => {
      throw new Error('at once');
    });
    queue.add([1, 2]);
    await queue.whenIdle();
    expect(queue.state).toEqual({ total: 2, done: 0, failed: 2, running: 0 });
  });

  it('when cancelled starts nothing more, aborts what runs, and takes new work', async () => {
    const work = createWork();
    const onFailure = vi.fn();
    const queue = createQueue(work.process, { onFailure });
    queue.add([1, 2, 3]);
    await work.end(1);
    queue.cancel();
    const [, signal] = work.process.mock.calls[1];
    expect(signal.aborted).toBe(true);
    expect(queue.state).toEqual({ total: 1, done: 1, failed: 0, running: 1 });
    await work.end(2, new Error('aborted'));
    expect(onFailure).not.toHaveBeenCalled();
    expect(work.process).toHaveBeenCalledTimes(2);
    await queue.whenIdle();
    queue.add([4]);
    expect(queue.state).toEqual({ total: 1, done: 0, failed: 0, running: 1 });
    expect(work.process.mock.calls[2][1].aborted).toBe(false);
  });

  it('is idle when nothing was ever added', async () => {
    await createQueue(() => Promise.resolve()).whenIdle();
  });

  it('ends with every item done or failed, whatever order they end in', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 5 }),
        fc.scheduler(),
        async (fates, concurrency, scheduler) => {
          const most = { running: 0 };
          const queue = createQueue<boolean>(
            (fails) => scheduler.schedule(fails ? Promise.reject(new Error('fate')) : Promise.resolve()),
            {
              concurrency,
              onChange: ({ running }) => (most.running = Math.max(most.running, running)),
            },
          );
          queue.add(fates);
          await scheduler.waitFor(queue.whenIdle());
          const failed = fates.filter(Boolean).length;
          expect(queue.state).toEqual({
            total: fates.length,
            done: fates.length - failed,
            failed,
            running: 0,
          });
          expect(most.running).toBe(Math.min(concurrency, fates.length));
        },
      ),
      { numRuns: 30 },
    );
  });
});
