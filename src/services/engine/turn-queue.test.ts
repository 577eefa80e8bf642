import { describe, expect, test, vi } from 'vitest';
import { heldWork, settle } from '../../../tests/fixtures/held-work';
import { TurnQueue } from './turn-queue';

const work = <T>(result: T, order?: T[]) => heldWork<[AbortSignal], T>(result, order);

describe('turns', () => {
  test('come one at a time, the highest priority first, else in the order they were asked for', async () => {
    const queue = new TurnQueue();
    const order: string[] = [];
    const first = work('under way', order);
    const all = [queue.run({ priority: 0 }, first.use)];
    await settle();
    for (const [priority, name] of [
      [0, 'low'],
      [1, 'middle'],
      [2, 'high'],
      [2, 'as high'],
    ] as const)
      all.push(queue.run({ priority }, async () => `${order.push(name)}`));
    await settle();
    expect(order).toEqual(['under way']);
    first.release();
    await Promise.all(all);
    expect(order).toEqual(['under way', 'high', 'as high', 'middle', 'low']);
  });

  test('an abort frees the place at once and rejects with its reason, though the work before is not done', async () => {
    const queue = new TurnQueue();
    const first = work('first');
    const under = queue.run({ priority: 0 }, first.use);
    const abort = new AbortController();
    const waiting = work('waiting');
    const done = queue.run({ priority: 0, signal: abort.signal }, waiting.use);
    abort.abort(new Error('not wanted'));
    await expect(done).rejects.toThrow('not wanted');
    first.release();
    await under;
    await settle();
    expect(waiting.use).not.toHaveBeenCalled();
  });

  test('what was aborted before is never begun', async () => {
    const use = vi.fn(async () => undefined);
    const signal = AbortSignal.abort(new Error('not wanted'));
    await expect(new TurnQueue().run({ priority: 0, signal }, use)).rejects.toThrow('not wanted');
    await settle();
    expect(use).not.toHaveBeenCalled();
  });

  test('a failure takes nobody else with it', async () => {
    const queue = new TurnQueue();
    const failing = queue.run({ priority: 0 }, () => Promise.reject(new Error('bad picture')));
    const next = queue.run({ priority: 0 }, async () => 'fine');
    await expect(failing).rejects.toThrow('bad picture');
    expect(await next).toBe('fine');
  });
});

describe('turns with a key', () => {
  const keyed = (signal?: AbortSignal, priority = 0) => ({ priority, key: 'picture 1', signal });

  test('the same key waits once and serves all who asked', async () => {
    const queue = new TurnQueue();
    const [one, other] = [work('one'), work('other')];
    const both = [queue.run(keyed(), one.use), queue.run(keyed(), other.use)];
    one.release();
    expect(await Promise.all(both)).toEqual(['one', 'one']);
    expect(other.use).not.toHaveBeenCalled();
    other.release();
    expect(await queue.run(keyed(), other.use)).toBe('other');
  });

  test('who joins with a higher priority takes the work forward', async () => {
    const queue = new TurnQueue();
    const order: string[] = [];
    const first = work('first', order);
    const all = [queue.run({ priority: 0 }, first.use)];
    await settle();
    all.push(queue.run({ priority: 0 }, async () => `${order.push('before')}`));
    all.push(queue.run(keyed(), async () => `${order.push('picture 1')}`));
    all.push(queue.run(keyed(undefined, 1), async () => 'never'));
    first.release();
    await Promise.all(all);
    expect(order).toEqual(['first', 'picture 1', 'before']);
  });

  test('the work ends early only when all who want it have aborted', async () => {
    const queue = new TurnQueue();
    const [one, other] = [new AbortController(), new AbortController()];
    const shared = work('shared');
    const first = queue.run(keyed(one.signal), shared.use);
    const second = queue.run(keyed(other.signal), shared.use);
    await settle();
    one.abort(new Error('one left'));
    await expect(first).rejects.toThrow('one left');
    expect(shared.use.mock.calls[0][0].aborted).toBe(false);
    other.abort(new Error('all left'));
    await expect(second).rejects.toThrow('all left');
    expect(shared.use.mock.calls[0][0].aborted).toBe(true);
  });
});
