import 'fake-indexeddb/auto';
import { describe, expect, it } from 'vitest';
import {
  createMemoryStore,
  openRecordingStore,
  RecordingRemovedError,
  type RecordingRecord,
} from './recording-storage';

const record = (id: string, startedMs: number) => ({ id, startedMs, durationMs: 0 }) as RecordingRecord;
const part = (words: string) => ({ video: new Blob([words]), frames: new Blob([`${words}\n`]) });

describe.each([
  ['in IndexedDB', () => openRecordingStore()],
  ['in memory', async () => createMemoryStore()],
])('recordings %s', (_, open) => {
  it('have their parts in order, are listed with the newest first, and go whole', async () => {
    const store = await open();
    for (let i = 0; i < 12; i++) await store.append(record('1', 1), i, part(`${i}`));
    await store.append(record('12', 2), 0, part('other'));
    await store.append({ ...record('1', 1), durationMs: 13 }, 12, part('12'));
    expect((await store.load()).map(({ id, durationMs }) => [id, durationMs])).toEqual([
      ['12', 0],
      ['1', 13],
    ]);
    const texts = (await store.parts('1')).map(({ video }) => video.text());
    expect(await Promise.all(texts)).toEqual(Array.from({ length: 13 }, (_, i) => `${i}`));
    await store.remove('1');
    expect(await store.parts('1')).toEqual([]);
    expect((await store.load()).map(({ id }) => id)).toEqual(['12']);
    expect(await store.parts('12')).toHaveLength(1);
  });
});

it('one that another tab removes while it is recorded does not come back without its beginning', async () => {
  const [store, other] = [await openRecordingStore('two-tabs'), await openRecordingStore('two-tabs')];
  await store.append(record('1', 1), 0, part('a'));
  await other.remove('1');
  await expect(store.append(record('1', 1), 1, part('b'))).rejects.toThrow(RecordingRemovedError);
  expect(await other.load()).toEqual([]);
  expect(await other.parts('1')).toEqual([]);
});
