/** Learning over the engine host: in turns, kept under the scheme's name, ended at once. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { LearnReport } from '../../../engine/types';
import type { LearnOptions, LearnRequest } from '../../../engine/teach-types';
import { newPhoto, nothingTaught, storageInMemory } from '../../../../tests/fixtures/photos';
import type { EngineAccess } from '../engine-access';
import { PhotoStore } from '../store.svelte';
import { Learning, type LessonPlan } from './learning.svelte';

const report: LearnReport = { pictures: 1, marks: [1], leaveOneOut: null, learned: false, curve: [] };
const file = Uint8Array.of(1, 2);

let store: PhotoStore;
let plan: LessonPlan;
let turns: { readonly model: string | null; readonly isLoadedOnly?: boolean }[];
let learn: (
  request: LearnRequest,
  options: LearnOptions,
) => Promise<{ file: typeof file; report: LearnReport }>;
const host: EngineAccess = {
  progress: null,
  run: (request, use) => {
    turns.push(request);
    return use({ learn } as never, request.signal!);
  },
};

beforeEach(async () => {
  turns = [];
  store = new PhotoStore(storageInMemory().open);
  await store.open();
  const { id } = store.add(newPhoto('anna.jpg'));
  const scheme = { id: 'beak', title: 'Beak', points: ['tip'], pairs: [], lines: [] };
  const box = { x: 0, y: 0, width: 9, height: 9 };
  const marked = [{ photoId: id, box, landmarks: null, points: Float32Array.of(3, 4) }];
  plan = { id: 'beak', kind: 'points', title: 'Beak', scheme, base: 'lite', marked, marksKey: 'key' };
});

it('goes in turns on one engine, and what was learned takes the place of what was before', async () => {
  learn = async (request, { turn, onProgress }) => {
    expect(request.marked.map(({ points }) => [...points])).toEqual([[3, 4]]);
    onProgress!({ kind: 'learning', done: 1, total: 2 });
    expect(learning.state).toMatchObject({ kind: 'learning', id: 'beak', progress: { done: 1 } });
    await turn!(async () => {});
    return { file, report };
  };
  const keep = vi.fn(async (_: unknown, replaces: string | null) => (replaces ? 'second' : 'first'));
  const onLearned = vi.fn();
  const learning = new Learning({ store, host }, { ...nothingTaught, keep }, onLearned);
  await learning.learn(plan);
  await learning.learn(plan);
  expect(keep.mock.calls.map(([, replaces]) => replaces)).toEqual([null, 'first']);
  expect(onLearned.mock.calls).toEqual([
    ['first', null],
    ['second', 'first'],
  ]);
  expect(store.lessons.beak).toMatchObject({ model: 'second', report, marksKey: 'key' });
  expect(learning.state.kind).toBe('idle');
  // The first turn may make an engine; the others are on that very one.
  expect(turns.slice(0, 2)).toMatchObject([{ model: 'lite' }, { model: 'lite', isLoadedOnly: true }]);
  expect(turns[0].isLoadedOnly).toBeUndefined();
});

it('is ended by the person, and nothing is kept or said of it', async () => {
  learn = (_, { signal }) =>
    new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
  const learning = new Learning({ store, host }, nothingTaught, () => {});
  const ended = learning.learn(plan);
  await vi.waitFor(() => expect(turns).toHaveLength(1));
  learning.cancel();
  await ended;
  expect([learning.state.kind, store.lessons]).toEqual(['idle', {}]);
});

it('is ended with the points that it is of, not with others', async () => {
  learn = (_, { signal }) =>
    new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
  const learning = new Learning({ store, host }, nothingTaught, () => {});
  const ended = learning.learn(plan);
  await vi.waitFor(() => expect(turns).toHaveLength(1));
  learning.cancel('ears');
  expect(learning.state.kind).toBe('learning');
  learning.cancel('beak');
  await ended;
  expect(learning.state.kind).toBe('idle');
});

it('that was ended is not brought back by a word of the worker that comes late', async () => {
  let late: LearnOptions['onProgress'];
  learn = (_, { signal, onProgress }) => {
    late = onProgress;
    return new Promise((_, reject) => signal!.addEventListener('abort', () => reject(signal!.reason)));
  };
  const learning = new Learning({ store, host }, nothingTaught, () => {});
  const ended = learning.learn(plan);
  await vi.waitFor(() => expect(late).toBeDefined());
  learning.cancel();
  await ended;
  late!({ kind: 'learning', done: 1, total: 2 });
  expect(learning.state.kind).toBe('idle');
});

it('that fails says why, and what was learned before stays', async () => {
  const before = { id: 'beak', model: 'first', report, marksKey: 'key', atMs: 0 };
  store.setLesson(before);
  learn = () => Promise.reject(new Error('marked[0]: no point is marked'));
  const learning = new Learning({ store, host }, nothingTaught, () => {});
  await learning.learn(plan);
  expect(learning.state).toEqual({ kind: 'failed', id: 'beak', message: 'marked[0]: no point is marked' });
  expect(store.lessons.beak).toEqual(before);
});

it('that was ended in its last step keeps nothing either', async () => {
  learn = async () => {
    learning.cancel();
    return { file, report };
  };
  const keep = vi.fn(async () => 'model');
  const learning = new Learning({ store, host }, { ...nothingTaught, keep }, () => {});
  await learning.learn(plan);
  expect([keep.mock.calls, store.lessons, learning.state.kind]).toEqual([[], {}, 'idle']);
});
