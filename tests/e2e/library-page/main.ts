/** The page behind photos-storage.test.ts: the library of pictures as the app has it, on an engine that finds one face in each. */
import { openDB, type IDBPDatabase } from 'idb';
import { foundFace, nothingTaught, photoModel } from '../../fixtures/photos';
import type { Engine } from '../../../src/engine';
import { movePoints, shownFaces } from '../../../src/features/photos/corrections/faces';
import { PhotoLibrary } from '../../../src/features/photos/library.svelte';
import { migrations } from '../../../src/features/photos/storage/photo-schema';

/** Px in bitmaps that are open, and the most there were at a time. */
const bitmapPx = { open: 0, most: 0 };

/** Counts every bitmap from here on. */
function countBitmaps(): void {
  const create = window.createImageBitmap.bind(window) as (...args: unknown[]) => Promise<ImageBitmap>;
  window.createImageBitmap = async (...args: unknown[]) => {
    const bitmap = await create(...args);
    const size = bitmap.width * bitmap.height;
    bitmapPx.open += size;
    bitmapPx.most = Math.max(bitmapPx.most, bitmapPx.open);
    const close = bitmap.close.bind(bitmap);
    let isOpen = true;
    bitmap.close = () => {
      if (isOpen) bitmapPx.open -= size;
      isOpen = false;
      close();
    };
    return bitmap;
  };
}

/** The face begins at (10, 20). */
const engine = {
  info: { manifest: photoModel('small') },
  detect: async () => ({ faces: [foundFace(10, 20)] }),
} as unknown as Engine;

/** Of an older page: a connection that nothing holds on to is closed as the browser tidies up its memory. */
const held: IDBPDatabase[] = [];

/** A picture of so many px, and of about so many bytes where it is padded. */
async function drawPicture(width: number, height: number, bytes = 0): Promise<Blob> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext('2d')!;
  context.fillStyle = '#a64';
  context.fillRect(0, 0, width, height);
  const png = await canvas.convertToBlob({ type: 'image/png' });
  // What follows the end of a PNG is passed over by decoders; random, so that no disk packs it.
  const padding = new Uint8Array(Math.max(0, bytes - png.size));
  for (let at = 0; at < padding.length; at += 65_536)
    crypto.getRandomValues(padding.subarray(at, at + 65_536));
  return new Blob([png, padding], { type: 'image/png' });
}

const page = {
  library: null as PhotoLibrary | null,
  bitmapPx,
  countBitmaps,

  /** Opens the library and waits until it has read what is kept. */
  async open(): Promise<void> {
    const library = page.start();
    while (!library.isReady) await new Promise((resolve) => setTimeout(resolve, 10));
  },

  /** Opens the library. */
  start(): PhotoLibrary {
    page.library = new PhotoLibrary({
      host: { progress: null, run: (_request, use) => use(engine, new AbortController().signal) },
      models: async () => [{ ...photoModel('small'), isBase: true }],
      taught: nothingTaught,
      settings: { model: null },
    });
    page.library.setShown(true);
    return page.library;
  },

  /** Takes in so many pictures and waits until they are seen and stored. */
  async add(names: readonly string[], width: number, height: number, bytes = 0): Promise<void> {
    const picture = await drawPicture(width, height, bytes);
    const files = names.map((name) => ({ file: new File([picture], name), folder: 'holiday' }));
    await page.library!.add({ files, problems: [] });
    while (page.library!.queue.progress) await new Promise((resolve) => setTimeout(resolve, 20));
    await page.library!.store.settled();
  },

  /** Takes in a picture, and goes on while its file is still on the way to storage. */
  async startAdding(name: string, bytes: number): Promise<void> {
    const file = new File([await drawPicture(40, 30, bytes)], name);
    void page.library!.add({ files: [{ file, folder: 'holiday' }], problems: [] });
    while (!page.library!.store.photos.some((photo) => photo.name === name))
      await new Promise((resolve) => setTimeout(resolve));
  },

  /** Moves the first point of the first face of a picture to the right. */
  movePoint(name: string, px: number): void {
    const { id } = page.library!.store.photos.find((photo) => photo.name === name)!;
    page.library!.editor.correct(id, 'small', (faces) => movePoints(faces, 1, [0], { x: px, y: 0 }));
  },

  /** What a person would see of it. */
  summary() {
    const {
      store: { photos },
      news: { notices },
    } = page.library!;
    return {
      photos: photos.map(({ name, isKept, results }) => ({
        name,
        isKept,
        corrected: results.small ? results.small.corrected !== null : null,
        x: shownFaces(results.small)[0]?.points[0] ?? null,
      })),
      notices: notices.map(({ message }) => message),
    };
  },

  /** Size of a picture's file and of its thumbnail, as they are read from storage. */
  async bytesOf(name: string): Promise<number[]> {
    const photo = page.library!.store.photos.find((each) => each.name === name)!;
    const parts = [await page.library!.store.file(photo.id), photo.thumbnail];
    return Promise.all(parts.map(async (part) => (await part.arrayBuffer()).byteLength));
  },

  /** Leaves behind the database of a page from the time of version 1; `letGo` is when that page is closed. */
  async leaveVersion1(bytes: number): Promise<{ letGo(): void }> {
    const db = await openDB('mien-photos', 1, {
      upgrade: (opened, _old, _new, upgrade) => void migrations[0](opened as never, upgrade as never),
    });
    const photo = {
      id: 'old',
      name: 'old.png',
      folder: 'holiday',
      type: 'image/png',
      width: 40,
      height: 30,
      addedMs: 1,
      thumbnail: await drawPicture(4, 3),
      truth: [],
    };
    const { points, spread, box, score, id } = foundFace(70, 0);
    const face = { points, spread, box, score, id, network: { points, spread, box } };
    held.push(db);
    await db.put('photos', photo);
    await db.put('files', await drawPicture(40, 30, bytes), photo.id);
    await db.put('results', { photo: photo.id, model: 'small', faces: [face], corrected: true });
    await db.put('models', photoModel('small'));
    return { letGo: () => db.close() };
  },
};
export type LibraryPage = typeof page;

window.libraryPage = page;
