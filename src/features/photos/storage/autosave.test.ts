import { describe, expect, test } from 'vitest';
import { createAutosave } from './autosave';

/** A disk whose writes end when the test says so. */
function setUp() {
  const state = { a: 0, b: 0 };
  const started: { key: 'a' | 'b'; value: number; finish: () => void; fail: (reason: Error) => void }[] = [];
  const heard: [number, unknown][] = [];
  const autosave = createAutosave<'a' | 'b'>(
    (key) =>
      new Promise((finish, fail) => {
        started.push({ key, value: state[key], finish, fail });
      }),
    (...heardNow) => heard.push(heardNow),
  );
  const set = (key: 'a' | 'b', value: number) => {
    state[key] = value;
    autosave.touch(key);
  };
  const turn = () => new Promise((resolve) => setTimeout(resolve));
  return {
    autosave,
    started,
    heard,
    set,
    turn,
    written: () => started.map(({ key, value }) => `${key}${value}`),
  };
}

describe('autosave', () => {
  test('a change is on its way at once; those made meanwhile are written as their newest state, once', async () => {
    const { set, started, turn, autosave, written } = setUp();
    set('a', 1);
    expect(written()).toEqual(['a1']);
    for (const value of [2, 3, 4]) set('a', value);
    set('b', 1);
    expect(autosave.unwritten()).toEqual(['a', 'b']);
    started[0].finish();
    await turn();
    started[1].finish();
    await turn();
    expect(autosave.unwritten()).toEqual(['b']);
    started[2].finish();
    await autosave.settled();
    expect(autosave.unwritten()).toEqual([]);
    expect(written()).toEqual(['a1', 'a4', 'b1']);
  });

  test('a failure is told, keeps nothing else waiting, and is mended by trying again', async () => {
    const { set, started, turn, autosave, heard, written } = setUp();
    const full = new Error('full');
    set('a', 1);
    set('b', 1);
    started[0].fail(full);
    await turn();
    started[1].finish();
    await autosave.settled();
    expect([heard, autosave.hasFailed('a'), autosave.hasFailed('b')]).toEqual([[[1, full]], true, false]);
    expect(autosave.unwritten()).toEqual(['a']);
    autosave.retry();
    started[2].finish();
    await autosave.settled();
    expect(written()).toEqual(['a1', 'b1', 'a1']);
    expect([heard.at(-1), autosave.hasFailed('a')]).toEqual([[0, null], false]);
  });

  test('of several failures the number left is told as each is mended', async () => {
    const { set, started, turn, autosave, heard } = setUp();
    const full = new Error('full');
    set('a', 1);
    set('b', 1);
    started[0].fail(full);
    await turn();
    started[1].fail(full);
    await autosave.settled();
    autosave.retry();
    started[2].finish();
    await turn();
    expect(heard.at(-1)).toEqual([1, full]);
    started[3].finish();
    await autosave.settled();
    expect(heard.at(-1)).toEqual([0, null]);
  });

  test('after all was written, the next change starts afresh', async () => {
    const { set, started, autosave, written } = setUp();
    set('a', 1);
    started[0].finish();
    await autosave.settled();
    set('a', 2);
    started[1].finish();
    await autosave.settled();
    expect(written()).toEqual(['a1', 'a2']);
  });
});
