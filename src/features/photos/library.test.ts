import { strToU8, zipSync } from 'fflate';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  foundFace,
  newPhoto,
  photoModel,
  nothingTaught,
  storageInMemory,
} from '../../../tests/fixtures/photos';
import { EngineError } from '../../engine/errors';
import type { Engine } from '../../engine';
import type { Face } from '../../engine/types';
import { formatMarks } from '../../shared/formats/marks';
import { StorageError } from '../../shared/storage/storage-error';
import type { Size } from '../../shared/imaging/types';
import { PictureError } from '../../shared/imaging/picture-error';
import type { IncomingPicture } from './import/types';
import { movePoints, resetPoints, shownFaces } from './corrections/faces';
import type { EngineAccess } from './engine-access';
import { PhotoLibrary } from './library.svelte';

/** Px of pictures that are not of the usual size. */
const sizes = new Map<string, Size>();

/** Bitmaps that were made and not closed. */
let openBitmaps = 0;
let mostOpenBitmaps = 0;

function bitmapOf(name: string): ImageBitmap {
  openBitmaps++;
  mostOpenBitmaps = Math.max(mostOpenBitmaps, openBitmaps);
  return { name, close: () => openBitmaps-- } as unknown as ImageBitmap;
}

vi.mock('./import', async (original) => ({
  ...(await original<typeof import('./import')>()),
  openPicture: async ({ file, folder, truth }: IncomingPicture, admit: (size: Size) => Promise<void>) => {
    if (file.name.includes('slow')) await new Promise((resolve) => setTimeout(resolve, 30));
    if (file.name.startsWith('broken'))
      throw new PictureError('damaged', file.name, `${file.name} is damaged.`);
    const photo = { ...newPhoto(file.name), folder, truth, ...sizes.get(file.name) };
    await admit(photo);
    return { photo, bitmap: bitmapOf(file.name), notes: [] };
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
      // The points lie a px off the box they were detected in, which tells a second pass from a first.
      faces: [foundFace(box.x + 1, box.y + 1)],
    }),
  };
  return engine as unknown as Engine;
}

/** As the engine host: one at a time, each on an engine with its model. */
function hostOf(load: (model: string) => Promise<Engine>): EngineAccess {
  let last: Promise<unknown> = Promise.resolve();
  return {
    progress: null,
    run({ model, signal = new AbortController().signal }, use) {
      const done = last.then(async () => {
        signal.throwIfAborted();
        return use(await load(model!), signal);
      });
      last = done.catch(() => {});
      return done;
    },
  };
}

function setUp(storage = storageInMemory()) {
  const loaded: string[] = [];
  const world = {
    sees: async (name: string): Promise<readonly Face[]> => [foundFace(name.length, 0)],
    engineFault: null as Error | null,
  };
  const library = new PhotoLibrary({
    host: hostOf(async (model) => {
      loaded.push(model);
      if (world.engineFault) throw world.engineFault;
      return engineWith(model, (name) => world.sees(name));
    }),
    models: async () =>
      [photoModel('small'), photoModel('other')].map((model) => ({ ...model, isBase: true })),
    taught: nothingTaught,
    settings: { model: null },
    openStorage: storage.open,
  });
  library.setShown(true);
  return { library, storage, loaded, world };
}

const idle = (library: PhotoLibrary) => vi.waitUntil(() => library.queue.progress === null, { interval: 1 });

async function withPictures(...names: string[]) {
  const site = setUp();
  await site.library.add(listing(...names));
  await idle(site.library);
  return site;
}

const summary = (library: PhotoLibrary) =>
  library.store.photos.map(({ name, work, results }) => [name, work.kind, Object.keys(results).join()]);
const firstX = (library: PhotoLibrary, model = 'small', face = 0) =>
  shownFaces(library.store.photos[0].results[model])[face].points[0];
const isCorrected = (library: PhotoLibrary, model = 'small') =>
  library.store.photos[0].results[model].corrected !== null;
const move = (library: PhotoLibrary, id: string, x: number) =>
  library.editor.correct(
    id,
    library.model!,
    (faces) => movePoints(faces, 1, [0], { x, y: 0 }),
    Symbol('drag'),
  );

beforeEach(() => {
  openBitmaps = mostOpenBitmaps = 0;
});

describe('adding pictures', () => {
  test('every picture is processed; no more than two are decoded at a time, and none afterwards', async () => {
    const { library } = await withPictures(...Array.from({ length: 50 }, (_, i) => `${i}.jpg`));
    expect(summary(library)).toEqual(library.store.photos.map(({ name }) => [name, 'done', 'small']));
    expect(library.store.photos).toHaveLength(50);
    expect([openBitmaps, mostOpenBitmaps]).toEqual([0, 2]);
  });

  test('a ZIP of marked pictures brings pictures, points and marks, before anything is processed', async () => {
    const { library, world } = setUp();
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    world.sees = () => held.then(() => []);
    const box = { x: 0, y: 0, width: 9, height: 9 };
    const marks = formatMarks({
      schemes: { beak: { title: 'Beak', points: [{ id: 't', name: 'tip' }], pairs: [], lines: [] } },
      pictures: [
        {
          path: 'a.jpg',
          width: 40,
          height: 30,
          marks: [{ scheme: 'beak', box, landmarks: null, points: [[3, 4]] }],
        },
      ],
    });
    const zip = zipSync({ 'marks.json': strToU8(marks), 'a.jpg': strToU8('a.jpg') });
    await library.add({
      files: [{ file: new File([Uint8Array.from(zip)], 'marks.zip'), folder: '' }],
      problems: [],
    });
    expect(library.store.photos[0].marks.beak[0].points).toEqual({ t: [3, 4] });
    expect(library.news.notices.map(({ message }) => message)).toEqual([
      'marks.json: marks of 1 picture taken over.',
    ]);
    expect(library.queue.progress).not.toBeNull();
    letGo();
    await idle(library);
  });

  test('a file that is no picture is named, and the rest goes on', async () => {
    const { library } = await withPictures('a.jpg', 'broken.jpg', 'c.jpg');
    expect(library.store.photos.map(({ name }) => name)).toEqual(['a.jpg', 'c.jpg']);
    expect(library.news.notices).toEqual([{ kind: 'problem', message: 'broken.jpg is damaged.' }]);
    library.news.dismiss();
    expect(library.news.notices).toEqual([]);
  });

  test('pictures stand in the order they came in, however long each takes to decode', async () => {
    const names = ['a-slow.jpg', 'broken.jpg', 'c.jpg', 'd.jpg', 'e-slow.jpg', 'broken-slow.jpg', 'g.jpg'];
    const { library } = await withPictures(...names);
    expect(library.store.photos.map(({ name }) => name)).toEqual(
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
    expect(library.store.photos.map(({ work }) => work.kind)).toEqual(['done', 'failed', 'done']);
    expect(library.store.photos[1].work).toMatchObject({
      message: 'b.jpg could not be processed (picture: cannot be decoded).',
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
    expect(library.store.photos.map(({ name, truth }) => [name, truth.map((each) => [...each])])).toEqual([
      ['a.jpg', [[10.5, 20.5]]],
      ['b.jpg', []],
    ]);
    expect(library.news.notices).toEqual([{ kind: 'note', message: '2 pictures were here already.' }]);
  });

  test('points that come alone are those of a picture that is here', async () => {
    const { library } = await withPictures('a.jpg', 'b.jpg');
    const file = new File(['version: 1\nn_points: 1\n{\n11 21\n}\n'], 'a.pts');
    await library.add({ files: [{ file, folder: '' }], problems: [] });
    expect(library.store.photos.map(({ name, truth }) => [name, truth.map((each) => [...each])])).toEqual([
      ['a.jpg', [[10.5, 20.5]]],
      ['b.jpg', []],
    ]);
    expect(library.news.notices).toEqual([{ kind: 'note', message: 'a.jpg: ground truth added.' }]);
  });

  test('points that may belong to either of two pictures wait for an answer, also while the pictures are on their way', async () => {
    const { library } = setUp();
    const points = new File(['n_points: 1\n{\n11 21\n}\n'], 'face.pts');
    const { files } = listing('face-slow.jpg', 'face.jpg', 'face.png');
    await library.add({ files: [...files, { file: points, folder: '' }], problems: [] });
    expect(library.news.questions.map(({ text }) => text)).toEqual([
      'face.pts fits 2 pictures. Which one is meant?',
    ]);
    const [question] = library.news.questions;
    expect(question.choices.map(({ label }) => label)).toEqual(['face.jpg', 'face.png']);
    await library.news.answer(question, 1);
    expect(library.news.questions).toEqual([]);
    const truths = library.store.photos.map(({ name, truth }) => [name, truth.map((each) => [...each])]);
    expect(truths).toEqual([
      ['face.jpg', []],
      ['face.png', [[10.5, 20.5]]],
      ['face-slow.jpg', []],
    ]);
  });

  test('a further face that comes later stands beside the first', async () => {
    const { library } = await withPictures('a.jpg');
    const pts = (name: string, x: number) => new File([`n_points: 1\n{\n${x} 21\n}\n`], name);
    for (const file of [pts('a.pts', 11), pts('a_1.pts', 12)])
      await library.add({ files: [{ file, folder: '' }], problems: [] });
    expect(library.store.photos[0].truth.map(([x]) => x)).toEqual([10.5, 11.5]);
  });

  test('points wholly outside of their picture are left out, whichever way they come, and that is said', async () => {
    const { library } = await withPictures('a.jpg', 'b.jpg', 'face.jpg', 'face.png');
    const far = (name: string) => ({ file: new File(['n_points: 1\n{\n900 21\n}\n'], name), folder: '' });
    await library.add({ files: [far('a.pts')], problems: [] });
    const { files } = listing('b.jpg', 'new.jpg');
    await library.add({ files: [...files, far('b.pts'), far('new.pts')], problems: [] });
    await idle(library);
    await library.add({ files: [far('face.pts')], problems: [] });
    await library.news.answer(library.news.questions[0], 0);
    expect(library.store.photos.map(({ truth }) => truth)).toEqual([[], [], [], [], []]);
    const said = library.news.notices.map(({ message }) => message);
    expect(said[0]).toContain('a.jpg: 1 face of its ground truth lies wholly outside');
    expect(said[0]).toContain('The same goes for 3 more: b.jpg, new.jpg, face.jpg.');
  });

  test('what a person leaves out is left out', async () => {
    const { library } = await withPictures('face.jpg', 'face.png');
    const points = new File(['n_points: 1\n{\n11 21\n}\n'], 'face.pts');
    await library.add({ files: [{ file: points, folder: '' }], problems: [] });
    await library.news.answer(library.news.questions[0], null);
    expect(library.news.questions).toEqual([]);
    expect(library.store.photos.map(({ truth }) => truth)).toEqual([[], []]);
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
    expect([firstX(library), isCorrected(library)]).toEqual([1, true]);
    expect(library.news.notices).toEqual([
      { kind: 'note', message: 'landmarks.json: points of 1 picture taken over.' },
    ]);
    library.editor.undo(library.store.photos[0].id, library.model!);
    expect(firstX(library)).toBe(5);
  });

  test('cancelling keeps what was added; the model goes on with it when it is chosen again', async () => {
    const { library, world } = setUp();
    const look = world.sees;
    let letGo = () => {};
    world.sees = (name) => new Promise((resolve) => (letGo = () => resolve(look(name))));
    await library.add(listing('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'));
    await vi.waitUntil(() => library.store.photos.length === 2);
    library.queue.cancel();
    expect(library.queue.progress).toBeNull();
    letGo();
    await vi.waitUntil(() => openBitmaps === 0);
    expect(summary(library)).toEqual([
      ['a.jpg', 'waiting', ''],
      ['b.jpg', 'waiting', ''],
    ]);
    expect(library.news.notices).toEqual([]);
    world.sees = look;
    library.chooseModel('small');
    await idle(library);
    expect(library.store.photos.map(({ work }) => work.kind)).toEqual(['done', 'done']);
  });

  test('without an engine all pictures are taken in, its fault is told once, and choosing the model tries again', async () => {
    const { library, world, loaded } = setUp();
    world.engineFault = new EngineError('download-failed', 'models/small: offline');
    await library.add(listing('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'));
    await idle(library);
    expect(summary(library)).toEqual(['a', 'b', 'c', 'd'].map((name) => [`${name}.jpg`, 'waiting', '']));
    expect(library.news.notices).toHaveLength(1);
    expect(library.news.notices[0].message).toContain('models/small: offline');
    expect(loaded.length).toBeLessThanOrEqual(2);
    world.engineFault = null;
    library.chooseModel('small');
    await idle(library);
    expect(library.store.photos.map(({ work }) => work.kind)).toEqual(Array(4).fill('done'));
    expect(openBitmaps).toBe(0);
  });

  test('work waits while the page is not shown', async () => {
    const { library, loaded } = setUp();
    library.setShown(false);
    await library.add(listing('a.jpg'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([library.store.photos, loaded, library.queue.progress]).toEqual([[], [], { done: 0, total: 1 }]);
    library.setShown(true);
    await idle(library);
    expect(summary(library)).toEqual([['a.jpg', 'done', 'small']]);
  });

  test('an engine that is lost over a picture is made again, and the picture processed', async () => {
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

describe('whatever else happens meanwhile', () => {
  /** A library whose network does not answer until `letGo`. */
  function stuck() {
    const site = setUp();
    const answer = site.world.sees;
    let letGo = () => {};
    const gate = new Promise<void>((resolve) => (letGo = resolve));
    site.world.sees = (name) => gate.then(() => answer(name));
    return { ...site, letGo };
  }

  test('the same files dropped twice quickly are added once, and bring their ground truth', async () => {
    const { library, letGo } = stuck();
    const points = { file: new File(['version: 1\nn_points: 1\n{\n11 21\n}\n'], 'd.pts'), folder: '' };
    const names = ['a.jpg', 'b-slow.jpg', 'c.jpg', 'd.jpg'];
    const { files, problems } = listing(...names);
    const first = library.add({ files, problems });
    const second = library.add({ files: [...files, ...files], problems });
    await Promise.all([first, second]);
    letGo();
    // Alone, while their picture is on its way.
    await library.add({ files: [points], problems });
    await idle(library);
    expect(summary(library)).toEqual(names.map((name) => [name, 'done', 'small']));
    expect(library.store.photos[3].truth.map((each) => [...each])).toEqual([[10.5, 20.5]]);
    expect(library.news.notices.map(({ message }) => message)).toEqual([
      '8 pictures were here already.',
      'd.jpg: ground truth added.',
    ]);
  });

  test('ground truth that comes with a picture which still waits is not lost', async () => {
    const { library, letGo } = stuck();
    const { files, problems } = listing('a.jpg', 'b.jpg', 'c.jpg');
    await library.add({ files, problems });
    const points = { file: new File(['version: 1\nn_points: 1\n{\n11 21\n}\n'], 'c.pts'), folder: '' };
    const again = library.add({ files: [files[2], points], problems });
    letGo();
    await again;
    await idle(library);
    expect(library.store.photos.map(({ truth }) => truth.length)).toEqual([0, 0, 1]);
  });

  test('pictures removed while they wait are gone without a word, and the rest goes on', async () => {
    const { library, world, letGo } = stuck();
    await library.add(listing('a.jpg', 'b.jpg', 'c.jpg'));
    await vi.waitUntil(() => library.store.photos.length === 2);
    letGo();
    await idle(library);
    const answer = world.sees;
    let goOn = () => {};
    world.sees = (name) => new Promise((resolve) => (goOn = () => resolve(answer(name))));
    library.chooseModel('other');
    await vi.waitUntil(() => library.store.photos[0].work.kind === 'running');
    library.remove(library.store.photos.map(({ id }) => id));
    expect(library.queue.progress).toBeNull();
    world.sees = answer;
    goOn();
    await vi.waitUntil(() => openBitmaps === 0);
    await library.add(listing('d.jpg'));
    await idle(library);
    expect(summary(library)).toEqual([['d.jpg', 'done', 'other']]);
    expect(library.news.notices).toEqual([]);
  });

  test('a second pass of the model renews what was found, and leaves corrections alone', async () => {
    const { library, world } = await withPictures('a.jpg');
    const [{ id }] = library.store.photos;
    move(library, id, 3);
    world.sees = async () => [foundFace(70, 0), foundFace(200, 0)];
    await library.queue.detectNow(id, 'small');
    const { found, corrected } = library.store.photos[0].results.small;
    expect([found!.map(({ points }) => points[0]), corrected!.map(({ points }) => points[0])]).toEqual([
      [70, 200],
      [8],
    ]);
    expect(library.editor.canUndo(id, 'small')).toBe(true);
  });

  test('a picture that waits for a model waits once, and goes first when it is viewed', async () => {
    const { library, world } = await withPictures('a.jpg', 'b.jpg', 'c.jpg', 'd.jpg');
    const order: string[] = [];
    const answer = world.sees;
    world.sees = (name) => {
      order.push(name);
      return answer(name);
    };
    library.chooseModel('other');
    library.chooseModel('other');
    const viewed = library.queue.detectNow(library.store.photos[3].id, 'other');
    await vi.waitUntil(() => order.length > 0);
    await viewed;
    await idle(library);
    expect([order.indexOf('d.jpg') <= 2, order.length]).toEqual([true, 4]);
  });

  test('no more px are decoded at a time than the largest picture has', async () => {
    const large = { width: 16_384, height: 8192 };
    const names = ['1.jpg', '2-slow.jpg', '3.jpg', '4.jpg'];
    for (const name of names.slice(1)) sizes.set(name, large);
    const { library } = await withPictures(...names);
    expect(mostOpenBitmaps).toBe(1);
    library.chooseModel('other');
    await idle(library);
    expect(library.store.photos.map(({ name }) => name)).toEqual(names);
    expect([mostOpenBitmaps, openBitmaps]).toEqual([1, 0]);
    sizes.clear();
  });

  test('a picture removed in another tab is gone here too, and that is said', async () => {
    const { library, storage } = await withPictures('a.jpg', 'b.jpg');
    await library.store.settled();
    const [{ id }] = library.store.photos;
    await (await storage.open({})).remove(id);
    move(library, id, 3);
    await library.store.settled();
    expect(library.store.photos.map(({ name }) => name)).toEqual(['b.jpg']);
    expect(library.news.notices).toEqual([{ kind: 'note', message: 'a.jpg was removed in another tab.' }]);
    expect(storage.photos.has(id)).toBe(false);
  });

  test('coming back to the page saves what found no room before', async () => {
    const { library, storage } = setUp();
    storage.refuse = ({ name }) => new StorageError('full', `picture ${name}: no room`);
    await library.add(listing('a.jpg'));
    await idle(library);
    await library.store.settled();
    expect(library.news.hasUnsaved).toBe(true);
    storage.refuse = null;
    library.setShown(false);
    library.setShown(true);
    await library.store.settled();
    expect([library.news.hasUnsaved, library.news.notices, storage.photos.size]).toEqual([false, [], 1]);
  });
});

describe('models side by side', () => {
  test('another model processes one picture or all; each result stands beside the others', async () => {
    const { library, world } = await withPictures('a.jpg', 'b.jpg');
    const [{ id }] = library.store.photos;
    world.sees = async () => [foundFace(77, 0)];
    await library.queue.detectNow(id, 'other');
    expect(summary(library)).toEqual([
      ['a.jpg', 'done', 'small,other'],
      ['b.jpg', 'done', 'small'],
    ]);
    library.chooseModel('other');
    await idle(library);
    expect([firstX(library), firstX(library, 'other'), library.model]).toEqual([5, 77, 'other']);
    expect(Object.keys(library.store.models)).toEqual(['small', 'other']);
    expect(summary(library)[1]).toEqual(['b.jpg', 'done', 'small,other']);
    expect(openBitmaps).toBe(0);
  });

  test('corrections go to the model that is shown, and so does the way back', async () => {
    const { library } = await withPictures('a.jpg');
    const [{ id }] = library.store.photos;
    await library.queue.detectNow(id, 'other');
    move(library, id, 3);
    expect([firstX(library), firstX(library, 'other'), library.editor.canUndo(id, library.model)]).toEqual([
      8,
      5,
      true,
    ]);
    library.chooseModel('other');
    expect(library.editor.canUndo(id, library.model)).toBe(false);
    library.chooseModel('small');
    library.editor.undo(id, library.model!);
    expect([firstX(library), library.editor.canRedo(id, library.model)]).toEqual([5, true]);
  });

  test('a detection that fails is thrown to whoever asked', async () => {
    const { library, world } = await withPictures('a.jpg');
    world.engineFault = new EngineError('bad-model', 'other: its graph does not load');
    await expect(library.queue.detectNow(library.store.photos[0].id, 'other')).rejects.toThrow(
      'its graph does not load',
    );
    expect(library.store.photos[0].work.kind).toBe('done');
    expect(openBitmaps).toBe(0);
  });
});

describe('faces in boxes drawn by hand', () => {
  const box = { x: 100, y: 50, width: 30, height: 30 };

  test('a missed face is added, from two passes of the network', async () => {
    const { library } = await withPictures('a.jpg');
    expect(await library.addFace(library.store.photos[0].id, box)).toBe(2);
    expect(firstX(library, 'small', 1)).toBe(102);
    library.editor.undo(library.store.photos[0].id, library.model!);
    expect(shownFaces(library.store.photos[0].results.small)).toHaveLength(1);
  });

  test('a wrong face is redetected and keeps its number', async () => {
    const { library } = await withPictures('a.jpg');
    const { id } = library.store.photos[0];
    await library.replaceFace(id, 1, box);
    expect([shownFaces(library.store.photos[0].results.small)[0].id, firstX(library)]).toEqual([1, 102]);
    move(library, id, 9);
    library.editor.correct(id, 'small', (faces) => resetPoints(faces, 1));
    expect(firstX(library)).toBe(102);
  });

  test('a picture that could not be processed as a whole can be done by hand', async () => {
    const { library, world } = setUp();
    world.sees = async () => {
      throw new EngineError('internal', 'frame: out of memory');
    };
    await library.add(listing('a.jpg'));
    await idle(library);
    expect(await library.addFace(library.store.photos[0].id, box)).toBe(1);
    expect(library.store.photos[0].results.small).toMatchObject({ found: null, corrected: [{ id: 1 }] });
  });

  test('what goes wrong is told, and the faces stay', async () => {
    const { library, world } = await withPictures('a.jpg');
    world.engineFault = new EngineError('context-lost', 'the GPU is gone');
    const before = library.store.photos[0].results;
    expect(await library.addFace(library.store.photos[0].id, box)).toBeNull();
    await library.replaceFace(library.store.photos[0].id, 1, box);
    expect(library.store.photos[0].results).toBe(before);
    expect(library.news.notices.map(({ kind }) => kind)).toEqual(['problem', 'problem']);
  });
});

describe('across reloads', () => {
  test('corrections are there again, with the model they belong to', async () => {
    const { library, storage } = await withPictures('a.jpg');
    library.chooseModel('other');
    await idle(library);
    move(library, library.store.photos[0].id, 3);
    await library.store.settled();
    const { library: after, loaded } = setUp(storage);
    await vi.waitUntil(() => after.isReady && after.model !== null);
    expect([firstX(after, 'other'), isCorrected(after, 'other')]).toEqual([8, true]);
    expect(after.store.models.other).toEqual(photoModel('other'));
    expect(loaded).toEqual([]);
  });

  test('pictures whose turn had not come are processed, and only those', async () => {
    const { library, storage, world } = setUp();
    world.engineFault = new EngineError('download-failed', 'offline');
    await library.add(listing('a.jpg'));
    await idle(library);
    await library.store.settled();
    const { library: after } = setUp(storage);
    await vi.waitUntil(() => after.store.photos[0]?.work.kind === 'done');
    expect(summary(after)).toEqual([['a.jpg', 'done', 'small']]);
  });

  test('storage that is full is said, once dismissed no more until something changes', async () => {
    const { library, storage } = setUp();
    storage.refuse = ({ name }) => new StorageError('full', `picture ${name}: no room`);
    await library.add(listing('a.jpg'));
    await idle(library);
    await library.store.settled();
    expect(library.news.notices).toEqual([
      { kind: 'problem', message: expect.stringMatching(/storage is full: 1 picture is not saved.*a\.jpg/) },
    ]);
    library.news.dismiss();
    expect(library.news.notices).toEqual([]);
    await library.add(listing('b.jpg'));
    await idle(library);
    await library.store.settled();
    expect(library.news.notices[0].message).toContain('2 pictures are not saved');
  });
});

test('whoever waits for the pictures need not wait for the list of models', async () => {
  const library = new PhotoLibrary({
    host: hostOf(() => Promise.reject(new Error('no engine'))),
    models: () => new Promise(() => undefined),
    taught: nothingTaught,
    settings: { model: null },
    openStorage: storageInMemory().open,
  });
  await library.opened();
  await library.refresh();
  expect(library.isReady).toBe(true);
});
