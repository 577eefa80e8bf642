import { describe, expect, test } from 'vitest';
import { createWriteBehind } from './write-behind';

/** A disk whose writes end when the test says so. */
function setUp() {
  const state = { a: 0, b: 0 };
  const started: { key: 'a' | 'b'; value: number; finish: () => void; fail: (reason: Error) => void }[] = [];
  const heard: [number, unknown][] = [];
  const behind = createWriteBehind<'a' | 'b'>(
    (key) =>
      new Promise((finish, fail) => {
        started.push({ key, value: state[key], finish, fail });
      }),
    (...heardNow) => heard.push(heardNow),
  );
  const set = (key: 'a' | 'b', value: number) => {
    state[key] = value;
    behind.touch(key);
  };
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  return {
    behind,
    started,
    heard,
    set,
    turn,
    written: () => started.map(({ key, value }) => `${key}${value}`),
  };
}

describe('write-behind', () => {
  test('a change is on its way at once; those made meanwhile are written as their newest state, once', async () => {
    const { set, started, turn, behind, written } = setUp();
    set('a', 1);
    expect(written()).toEqual(['a1']);
    for (const value of [2, 3, 4]) set('a', value);
    set('b', 1);
    expect(behind.pending()).toEqual(['a', 'b']);
    started[0].finish();
    await turn();
    started[1].finish();
    await turn();
    expect(behind.pending()).toEqual(['b']);
    started[2].finish();
    await behind.settled();
    expect(behind.pending()).toEqual([]);
    expect(written()).toEqual(['a1', 'a4', 'b1']);
  });

  test('a failure is told, keeps nothing else waiting, and is mended by trying again', async () => {
    const { set, started, turn, behind, heard, written } = setUp();
    const full = new Error('full');
    set('a', 1);
    set('b', 1);
    started[0].fail(full);
    await turn();
    started[1].finish();
    await behind.settled();
    expect([heard, behind.hasFailed('a'), behind.hasFailed('b')]).toEqual([[[1, full]], true, false]);
    expect(behind.pending()).toEqual([]);
    behind.retry();
    started[2].finish();
    await behind.settled();
    expect(written()).toEqual(['a1', 'b1', 'a1']);
    expect([heard.at(-1), behind.hasFailed('a')]).toEqual([[0, null], false]);
  });

  test('after all was written, the next change starts afresh', async () => {
    const { set, started, behind, written } = setUp();
    set('a', 1);
    started[0].finish();
    await behind.settled();
    set('a', 2);
    started[1].finish();
    await behind.settled();
    expect(written()).toEqual(['a1', 'a2']);
  });
});
