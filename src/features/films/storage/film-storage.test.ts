import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { describe, expect, it } from 'vitest';
import { trackedFrames } from '../../../../tests/fixtures/tracked-frames';
import { gatherFilmData } from '../results/film-data';
import type { FilmRecord, TrackedFrame } from '../types';
import { createMemoryStorage, FilmRemovedError, openFilmStorage, type FilmStorage } from './film-storage';

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
  it('keep the names that were given elsewhere while a film is read', async () => {
    const storage = await open();
    const known = record('a');
    await storage.put(known);
    await storage.put({ ...known, names: { 1: 'Ada' }, hidden: [2] });
    await storage.append({ ...known, done: 7 }, frames.slice(0, 7));
    await storage.put({ ...known, done: 7, state: 'done' }, false);
    expect(await storage.load()).toMatchObject([
      { done: 7, state: 'done', names: { 1: 'Ada' }, hidden: [2] },
    ]);
    await storage.put({ ...known, done: 7, names: {} });
    expect(await storage.load()).toMatchObject([{ names: {} }]);
  });

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

  it('are no shorter for a change that was begun before their last frames were stored', async () => {
    const storage = await open();
    const scheme = { id: 'ibug68' } as FilmRecord['scheme'];
    await storage.append(
      { ...record('a'), done: 7, doneMs: 280, usedModel: 'lite', scheme },
      frames.slice(0, 7),
    );
    await storage.put({ ...record('a'), names: { 1: 'Ada' }, state: 'paused' });
    expect(await storage.load()).toMatchObject([
      { names: { 1: 'Ada' }, state: 'paused', done: 7, doneMs: 280, usedModel: 'lite', scheme },
    ]);
  });

  it('find the chunk of a frame', async () => {
    const storage = await open();
    await storage.append(record('a'), frames.slice(0, 7));
    await storage.append(record('a'), frames.slice(7));
    for (const frame of [0, 6, 7, 9]) expect(await storage.chunkAt('a', frame)).toContainEqual(frames[frame]);
    expect(await storage.chunkAt('b', 3)).toEqual([]);
  });

  it('give an outline of their frames, each film its own', async () => {
    const storage = await open();
    await storage.append(record('a'), frames.slice(0, 7));
    await storage.append(record('b'), frames.slice(0, 2));
    await storage.append(record('a'), frames.slice(7));
    const data = await gatherFilmData(storage.outlines('a'));
    expect(data.times).toEqual(frames.map(({ timeMs }) => timeMs));
    expect(data.seen.get(1)).toEqual(frames.map(({ index }) => index));
    await storage.remove('a');
    expect((await gatherFilmData(storage.outlines('a'))).times).toEqual([]);
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

it('films from before there were outlines get theirs when they are first asked for', async () => {
  const name = `films-${Math.random()}`;
  const storage = await openFilmStorage(name);
  await storage.append({ ...record('a'), done: 10 }, frames);
  const db = await openDB(name);
  const made = await db.getAll('outlines');
  await db.clear('outlines');
  const first = await gatherFilmData(storage.outlines('a'));
  expect(first.times).toHaveLength(10);
  expect(await db.getAll('outlines')).toEqual(made);
  expect(await gatherFilmData(storage.outlines('a'))).toEqual(first);
  db.close();
});

it('a film that another tab removed is not written any more', async () => {
  const name = `films-${Math.random()}`;
  const [here, otherTab] = [await openFilmStorage(name), await openFilmStorage(name)];
  await here.append({ ...record('a'), done: 7 }, frames.slice(0, 7));
  await otherTab.remove('a');
  await expect(here.append({ ...record('a'), done: 10 }, frames.slice(7))).rejects.toThrow(FilmRemovedError);
  await expect(here.put({ ...record('a'), done: 7 })).rejects.toThrow('a.mp4: it was removed in another tab');
  expect([await here.load(), await all(here, 'a')]).toEqual([[], []]);
});
