import { describe, expect, test, vi } from 'vitest';
import type { Engine, EngineOptions, Progress } from '../engine/types';
import { EngineKeeper } from './engine-keeper';

const tuning = { maxFaces: 1, smoothing: 0.5 };

function setUp() {
  type Made = { lost: boolean } & Engine;
  const made: { options: EngineOptions; engine: Made; finish: () => void; fail: () => void }[] = [];
  const create = (options: EngineOptions) =>
    new Promise<Engine>((resolve, reject) => {
      const engine = { lost: false, dispose: vi.fn(async () => undefined) } as unknown as Made;
      made.push({ options, engine, finish: () => resolve(engine), fail: () => reject(new Error('no')) });
    });
  const progress: Progress[] = [];
  const keeper = new EngineKeeper(create);
  const load = (model: string) => keeper.load({ model }, tuning, (step) => progress.push(step));
  return { made, progress, load };
}

describe('engine keeper', () => {
  test('the same wish shares one engine', async () => {
    const { made, progress, load } = setUp();
    const both = [load('a'), load('a')];
    made[0].options.onProgress?.({ kind: 'warm-up', done: 1, total: 2 });
    made[0].finish();
    expect(await Promise.all(both)).toEqual([made[0].engine, made[0].engine]);
    expect(made).toHaveLength(1);
    // Each of the two was told.
    expect(progress).toHaveLength(2);
  });

  test('another wish disposes of the old engine, even of one that is not ready yet, and mutes its progress', async () => {
    const { made, progress, load } = setUp();
    void load('a');
    const second = load('b');
    made[0].options.onProgress?.({ kind: 'warm-up', done: 1, total: 2 });
    made[1].options.onProgress?.({ kind: 'warm-up', done: 2, total: 2 });
    made[0].finish();
    made[1].finish();
    expect(await second).toBe(made[1].engine);
    expect(made[0].engine.dispose).toHaveBeenCalledTimes(1);
    expect(made[1].engine.dispose).not.toHaveBeenCalled();
    expect(progress).toEqual([{ kind: 'warm-up', done: 2, total: 2 }]);
  });

  test('a lost engine is handed to nobody: the next who asks gets another, as do those who ask with him', async () => {
    const { made, load } = setUp();
    const first = load('a');
    made[0].finish();
    await first;
    made[0].engine.lost = true;
    const both = [load('a'), load('a')];
    made[1].finish();
    expect(await Promise.all(both)).toEqual([made[1].engine, made[1].engine]);
    expect(made[0].engine.dispose).toHaveBeenCalledTimes(1);
    expect(made).toHaveLength(2);
  });

  test('a failure is handed on once and the next try starts afresh', async () => {
    const { made, load } = setUp();
    const first = load('a');
    made[0].fail();
    await expect(first).rejects.toThrow('no');
    const second = load('a');
    made[1].finish();
    expect(await second).toBe(made[1].engine);
  });
});
