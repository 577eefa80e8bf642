import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import { trackedFrames } from '../../../../tests/fixtures/tracked-frames';
import type { FilmRecord, TrackedFrame } from '../types';
import { createMemoryStorage, openFilmStorage, type FilmStorage } from './film-storage';

const record = (id: string): FilmRecord => ({
  ...{ id, name: `${id}.mp4`, bytes: 3, modifiedMs: 1, addedMs: 1, state: 'reading', problem: '', notes: [] },
  ...{
    isKept: false,
    width: 0,
    height: 0,
    durationMs: null,
    method: null,
    hasSound: false,
    done: 0,
    doneMs: 0,
  },
  ...{ model: null, usedModel: null, scheme: null, maxFaces: 4, edits: [], names: {}, hidden: [] },
});
const frames = trackedFrames(10, [{ track: 1, frames: [[0, 9]], at: () => [0, 0], spreadPx: 1 }]);

async function all(storage: FilmStorage, id: string): Promise<TrackedFrame[]> {
  const found: TrackedFrame[] = [];
  for await (const frame of storage.frames(id)) found.push(frame);
  return found;
}

describe.each([
  ['IndexedDB', () => openFilmStorage(`films-${Math.random()}`)],
  ['memory', async () => createMemoryStorage()],
])('films in %s', (_, open) => {
  it('give their frames back in order, each film its own', async () => {
    const storage = await open();
    await storage.append({ ...record('a'), done: 7 }, frames.slice(0, 7));
    await storage.append({ ...record('b'), done: 2 }, frames.slice(0, 2));
    await storage.append({ ...record('a'), done: 10 }, frames.slice(7));
    expect(await all(storage, 'a')).toEqual(frames);
    expect(await all(storage, 'b')).toEqual(frames.slice(0, 2));
    expect((await storage.load()).map(({ id, done }) => [id, done])).toEqual([
      ['a', 10],
      ['b', 2],
    ]);
  });

  it('find the chunk of a frame', async () => {
    const storage = await open();
    await storage.append(record('a'), frames.slice(0, 7));
    await storage.append(record('a'), frames.slice(7));
    for (const frame of [0, 6, 7, 9]) expect(await storage.chunkAt('a', frame)).toContainEqual(frames[frame]);
    expect(await storage.chunkAt('b', 3)).toEqual([]);
  });

  it('are gone when they are removed, with their file', async () => {
    const storage = await open();
    await storage.putFile(record('a'), new Blob(['abc']));
    await storage.append(record('a'), frames);
    expect(await (await storage.file('a'))?.text()).toBe('abc');
    await storage.remove('a');
    expect([await storage.load(), await all(storage, 'a'), await storage.file('a')]).toEqual([[], [], null]);
  });
});
