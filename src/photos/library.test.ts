import { beforeEach, describe, expect, test, vi } from 'vitest';
import { foundFace, newPhoto, photoModel, storeInMemory } from '../../tests/fixtures/photos';
import { EngineError } from '../engine/errors';
import type { Engine, Face } from '../engine/types';
import { StorageError } from '../storage/storage-error';
import { PhotoError } from './intake/photo-error';
import type { IncomingPicture } from './intake/types';
import { PhotoLibrary } from './library.svelte';

/** Bitmaps that were made and not closed. */
let openBitmaps = 0;
let mostOpenBitmaps = 0;

function bitmapOf(name: string): ImageBitmap {
  openBitmaps++;
  mostOpenBitmaps = Math.max(mostOpenBitmaps, openBitmaps);
  return { name, close: () => openBitmaps-- } as unknown as ImageBitmap;
}

vi.mock('./intake', async (original) => ({
  ...(await original<typeof import('./intake')>()),
  openPicture: async ({ file, folder, truth }: IncomingPicture) => {
    if (file.name.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 30));
    if (file.name.startsWith('broken'))
      throw new PhotoError('damaged', file.name, `${file.name} is damaged.`);
    return { photo: { ...newPhoto(file.name), folder, truth }, bitmap: bitmapOf(file.name), notes: [] };
  },
  decodePicture: async (_: Blob, path: string) => bitmapOf(path),
}));

const listing = (...names: string[]) => ({
  files: names.map((name) => ({ file: new File([name], name), folder: '' })),
  problems: [],
});

/** An engine whose model finds one face, at the x that the test sets; it takes its time until the test lets it go on. */
function engineWith(model: string, sees: (name: string) => Promise<readonly Face[]>): Engine {
  const engine = {
    info: { manifest: photoModel(model) },
    lost: false,
    async detect(image: { name: string }, { signal }: { signal?: AbortSignal } = {}) {
      const faces = await sees(image.name).catch((thrown: EngineError) => {
        engine.lost = thrown.code === 'worker-failed';
        throw thrown;
      });
      signal?.throwIfAborted();
      return { faces };
    },
    landmarks: async (_: unknown, [box]: { x: number; y: number }[]) => ({
      // The points lie a px off the box they were looked for in, so that a second look is told from a first.
      faces: [foundFace(box.x + 1, box.y + 1)],
    }),
  };
  return engine as unknown as Engine;
}

function setUp(store = storeInMemory()) {
  const loaded: string[] = [];
  const world = {
    sees: async (name: string): Promise<readonly Face[]> => [foundFace(name.length, 0)],
    engineFault: null as Error | null,
  };
  const library = new PhotoLibrary({
    loadEngine: async (model) => {
      loaded.push(model);
      if (world.engineFault) throw world.engineFault;
      return engineWith(model, (name) => world.sees(name));
    },
    loadChoices: async () => [photoModel('small'), photoModel('other')],
    model: null,
    openStore: store.open,
  });
  library.setShown(true);
  return { library, store, loaded, world };
}

const idle = (library: PhotoLibrary) => vi.waitUntil(() => library.progress === null, { interval: 1 });

async function withPictures(...names: string[]) {
  const site = setUp();
  await site.library.add(listing(...names));
  await idle(site.library);
  return site;
}

const summary = (library: PhotoLibrary) =>
  library.photos.map(({ name, work, results }) => [name, work.kind, Object.keys(results).join()]);
const firstX = (library: PhotoLibrary, model = 'small', face = 0) =>
  library.photos[0].results[model].faces[face].points[0];

beforeEach(() => {
  openBitmaps = mostOpenBitmaps = 0;
});

describe('taking pictures in', () => {
  test('every picture is looked at; no more than two are decoded at a time, and none afterwards', async () => {
    const { library } = await withPictures(...Array.from({ length: 50 }, (_, i) => `${i}.jpg`));
    expect(summary(library)).toEqual(library.photos.map(({ name }) => [name, 'done', 'small']));
    expect(library.photos).toHaveLength(50);
    expect([openBitmaps, mostOpenBitmaps]).toEqual([0, 2]);
  });

  test('a file that is none is told by its name, and the rest goes on', async () => {
    const { library } = await withPictures('a.jpg', 'broken.jpg', 'c.jpg');
    expect(library.photos.map(({ name }) => name)).toEqual(['a.jpg', 'c.jpg']);
    expect(library.notices).toEqual([{ kind: 'problem', message: 'broken.jpg is damaged.' }]);
    library.dismissNotices();
    expect(library.notices).toEqual([]);
  });

  test('pictures stand in the order they came in, however long each takes to decode', async () => {
    const names = ['a-slow.jpg', 'broken.jpg', 'c.jpg', 'd.jpg', 'e-slow.jpg', 'broken-slow.jpg', 'g.jpg'];
    const { library } = await withPictures(...names);
    expect(library.photos.map(({ name }) => name)).toEqual(
      names.filter((name) => !name.startsWith('broken')),
    );
  });

  test('a picture on which the network fails is marked, and the rest goes on', async () => {
    const { library, world } = setUp();
    world.sees = async (name) => {
      if (name === 'b.jpg') throw new EngineError('bad-image', 'picture: cannot be decoded');
      return [];
    };
    await library.add(listing('a.jpg', 'b.jpg', 'c.jpg'));
    await idle(library);
    expect(library.photos.map(({ work }) => work.kind)).toEqual(['done', 'failed', 'done']);
    expect(library.photos[1].work).toMatchObject({
      message: 'b.jpg could not be looked at (picture: cannot be decoded).',
    });
    expect(openBitmaps).toBe(0);
  });

  test('pictures that are here already are not taken twice, but learn the truth that comes with them', async () => {
    const { library } = await withPictures('a.jpg', 'b.jpg');
    const points = 'version: 1\nn_points: 1\n{\n11 21\n}\n';
    const again = listing('a.jpg', 'b.jpg');
    await library.add({
      ...again,
      files: [...again.files, { file: new File([points], 'a.pts'), folder: '' }],
    });
    await idle(library);
    expect(library.photos.map(({ name, truth }) => [name, truth.map((each) => [...each])])).toEqual([
      ['a.jpg', [[10.5, 20.5]]],
      ['b.jpg', []],
    ]);
    expect(library.notices).toEqual([{ kind: 'note', message: '2 pictures were here already.' }]);
  });

  test('points that come alone are those of a picture that is here', async () => {
    const { library } = await withPictures('a.jpg', 'b.jpg');
    const file = new File(['version: 1\nn_points: 1\n{\n11 21\n}\n'], 'a.pts');
    await library.add({ files: [{ file, folder: '' }], problems: [] });
    expect(library.photos.map(({ name, truth }) => [name, truth.map((each) => [...each])])).toEqual([
      ['a.jpg', [[10.5, 20.5]]],
      ['b.jpg', []],
    ]);
    expect(library.notices).toEqual([{ kind: 'note', message: 'a.jpg has true points now.' }]);
  });

  test('landmarks exported before are taken over, also with the pictures they belong to, and can be undone', async () => {
    const { library } = setUp();
    const face = { model: 'small', scheme: 'three', score: 1, corrected: true, spread: [0, 0, 0] };
    const content = {
      format: 'mien-landmarks',
      version: 1,
      schemes: { three: { pointCount: 3 } },
      pictures: [
        {
          path: 'a.jpg',
          width: 40,
          height: 30,
          faces: [
            {
              ...face,
              points: [
                [1, 2],
                [3, 4],
                [5, 6],
              ],
            },
          ],
        },
      ],
    };
    const { files, problems } = listing('a.jpg');
    const landmarks = { file: new File([JSON.stringify(content)], 'landmarks.json'), folder: '' };
    await library.add({ files: [...files, landmarks], problems });
    expect([firstX(library), library.photos[0].results.small.corrected]).toEqual([1, true]);
    expect(library.notices).toEqual([
      { kind: 'note', message: 'landmarks.json: points of 1 picture taken over.' },
    ]);
    library.undo(library.photos[0].id);
    expect(firstX(library)).toBe(5);
  });

  test('calling off leaves what was taken in; the model goes on with it when it is chosen again', async () => {
    const { library, world } = setUp();
    const look = world.sees;
    let letGo = () => {};
    world.sees = (name) => new Promise((resolve) => (letGo = () => resolve(look(name))));
    await library.add(listing('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'));
    await vi.waitUntil(() => library.photos.length === 2);
    library.cancel();
    expect(library.progress).toBeNull();
    letGo();
    await vi.waitUntil(() => openBitmaps === 0);
    expect(summary(library)).toEqual([
      ['a.jpg', 'waiting', ''],
      ['b.jpg', 'waiting', ''],
    ]);
    expect(library.notices).toEqual([]);
    world.sees = look;
    library.chooseModel('small');
    await idle(library);
    expect(library.photos.map(({ work }) => work.kind)).toEqual(['done', 'done']);
  });

  test('without an engine all pictures are taken in, its fault is told once, and choosing the model tries again', async () => {
    const { library, world, loaded } = setUp();
    world.engineFault = new EngineError('download-failed', 'models/small: offline');
    await library.add(listing('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'));
    await idle(library);
    expect(summary(library)).toEqual(['a', 'b', 'c', 'd'].map((name) => [`${name}.jpg`, 'waiting', '']));
    expect(library.notices).toHaveLength(1);
    expect(library.notices[0].message).toContain('models/small: offline');
    expect(loaded.length).toBeLessThanOrEqual(2);
    world.engineFault = null;
    library.chooseModel('small');
    await idle(library);
    expect(library.photos.map(({ work }) => work.kind)).toEqual(Array(4).fill('done'));
    expect(openBitmaps).toBe(0);
  });

  test('work waits while the page is not shown', async () => {
    const { library, loaded } = setUp();
    library.setShown(false);
    await library.add(listing('a.jpg'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([library.photos, loaded, library.progress]).toEqual([[], [], { done: 0, total: 1 }]);
    library.setShown(true);
    await idle(library);
    expect(summary(library)).toEqual([['a.jpg', 'done', 'small']]);
  });

  test('an engine that is lost over a picture is made again, and the picture looked at', async () => {
    const { library, world, loaded } = setUp();
    const look = world.sees;
    world.sees = async () => {
      world.sees = look;
      throw new EngineError('worker-failed', 'worker: ended before its time');
    };
    await library.add(listing('a.jpg'));
    await idle(library);
    expect([summary(library), loaded]).toEqual([[['a.jpg', 'done', 'small']], ['small', 'small']]);
  });
});

describe('models side by side', () => {
  test('another model looks at one picture or at all; each result stands beside the others', async () => {
    const { library, world } = await withPictures('a.jpg', 'b.jpg');
    const [{ id }] = library.photos;
    world.sees = async () => [foundFace(77, 0)];
    await library.look(id, 'other');
    expect(summary(library)).toEqual([
      ['a.jpg', 'done', 'small,other'],
      ['b.jpg', 'done', 'small'],
    ]);
    library.chooseModel('other');
    await idle(library);
    expect([firstX(library), firstX(library, 'other'), library.model]).toEqual([5, 77, 'other']);
    expect(Object.keys(library.models)).toEqual(['small', 'other']);
    expect(summary(library)[1]).toEqual(['b.jpg', 'done', 'small,other']);
    expect(openBitmaps).toBe(0);
  });

  test('corrections go to the model that is shown, and so does the way back', async () => {
    const { library } = await withPictures('a.jpg');
    const [{ id }] = library.photos;
    await library.look(id, 'other');
    library.movePoints(id, 1, [0], { x: 3, y: 0 }, Symbol('drag'));
    expect([firstX(library), firstX(library, 'other'), library.canUndo(id)]).toEqual([8, 5, true]);
    library.chooseModel('other');
    expect(library.canUndo(id)).toBe(false);
    library.chooseModel('small');
    library.undo(id);
    expect([firstX(library), library.canRedo(id)]).toEqual([5, true]);
  });

  test('a look that fails is thrown to whoever asked', async () => {
    const { library, world } = await withPictures('a.jpg');
    world.engineFault = new EngineError('bad-model', 'other: its graph does not load');
    await expect(library.look(library.photos[0].id, 'other')).rejects.toThrow('its graph does not load');
    expect(library.photos[0].work.kind).toBe('done');
    expect(openBitmaps).toBe(0);
  });
});

describe('faces in boxes drawn by hand', () => {
  const box = { x: 100, y: 50, width: 30, height: 30 };

  test('a missed face is added, from two passes of the network', async () => {
    const { library } = await withPictures('a.jpg');
    expect(await library.addFace(library.photos[0].id, box)).toBe(2);
    expect(firstX(library, 'small', 1)).toBe(102);
    library.undo(library.photos[0].id);
    expect(library.photos[0].results.small.faces).toHaveLength(1);
  });

  test('a wrong face is looked for anew and keeps its number', async () => {
    const { library } = await withPictures('a.jpg');
    const { id } = library.photos[0];
    await library.replaceFace(id, 1, box);
    expect([library.photos[0].results.small.faces[0].id, firstX(library)]).toEqual([1, 102]);
    library.movePoints(id, 1, [0], { x: 9, y: 0 }, Symbol('drag'));
    library.resetPoints(id, 1);
    expect(firstX(library)).toBe(102);
  });

  test('a picture that could not be looked at as a whole can be done by hand', async () => {
    const { library, world } = setUp();
    world.sees = async () => {
      throw new EngineError('internal', 'frame: out of memory');
    };
    await library.add(listing('a.jpg'));
    await idle(library);
    expect(await library.addFace(library.photos[0].id, box)).toBe(1);
    expect(library.photos[0].results.small).toMatchObject({ corrected: true });
  });

  test('what goes wrong is told, and the faces stay', async () => {
    const { library, world } = await withPictures('a.jpg');
    world.engineFault = new EngineError('context-lost', 'the GPU is gone');
    const before = library.photos[0].results;
    expect(await library.addFace(library.photos[0].id, box)).toBeNull();
    await library.replaceFace(library.photos[0].id, 1, box);
    expect(library.photos[0].results).toBe(before);
    expect(library.notices.map(({ kind }) => kind)).toEqual(['problem', 'problem']);
  });
});

describe('across reloads', () => {
  test('corrections are there again, with the model they belong to', async () => {
    const { library, store } = await withPictures('a.jpg');
    library.chooseModel('other');
    await idle(library);
    library.movePoints(library.photos[0].id, 1, [0], { x: 3, y: 0 }, Symbol('drag'));
    await library.settled();
    const { library: after, loaded } = setUp(store);
    await vi.waitUntil(() => after.isReady && after.model !== null);
    expect([firstX(after, 'other'), after.photos[0].results.other.corrected]).toEqual([8, true]);
    expect(after.models.other).toEqual(photoModel('other'));
    expect(loaded).toEqual([]);
  });

  test('pictures whose turn had not come are looked at, and only those', async () => {
    const { library, store, world } = setUp();
    world.engineFault = new EngineError('download-failed', 'offline');
    await library.add(listing('a.jpg'));
    await idle(library);
    await library.settled();
    const { library: after } = setUp(store);
    await vi.waitUntil(() => after.photos[0]?.work.kind === 'done');
    expect(summary(after)).toEqual([['a.jpg', 'done', 'small']]);
  });

  test('storage that is full is said, once dismissed no more until something changes', async () => {
    const { library, store } = setUp();
    store.refuse = ({ name }) => new StorageError('full', `picture ${name}: no room`);
    await library.add(listing('a.jpg'));
    await idle(library);
    await library.settled();
    expect(library.notices).toEqual([
      { kind: 'problem', message: expect.stringMatching(/storage is full: 1 picture is not kept.*a\.jpg/) },
    ]);
    library.dismissNotices();
    expect(library.notices).toEqual([]);
    await library.add(listing('b.jpg'));
    await idle(library);
    await library.settled();
    expect(library.notices[0].message).toContain('2 pictures are not kept');
  });
});
