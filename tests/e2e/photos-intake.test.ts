/** Pictures in: every kind that a browser decodes, what it cannot, and files made to break things. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bmp, gif, heic, jpeg, png } from '../fixtures/headers';
import { hostileFiles } from '../fixtures/hostile';
import { root } from './browser';
import { openPhotosSite, type PhotosSite } from './photos-page/site';

let site: PhotosSite;
beforeAll(async () => {
  site = await openPhotosSite();
});
afterAll(() => site?.close());

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/** Opens bytes in the page as a file of this name. */
function open(bytes: Uint8Array, name: string) {
  return site.page.evaluate(
    ([data, fileName]) => window.photosLibrary.open(window.photosLibrary.bytesOf(data), fileName),
    [base64(bytes), name],
  );
}

/** A picture of four quarters as the browser itself writes it. */
async function writtenByBrowser(type: string, width = 640, height = 480): Promise<Uint8Array> {
  const bytes = await site.page.evaluate(
    async ([wanted, w, h]) => {
      const blob = await window.photosLibrary.drawQuarters(w, h, wanted);
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [type, width, height] as const,
  );
  return Uint8Array.from(bytes);
}

const readAvif = () => readFile(join(root, 'tests', 'fixtures', 'pictures', 'quarters.avif'));

/** Two by two px: red and green over blue and white. */
const quartersBmp = Uint8Array.from([
  ...bmp({ width: 2, height: 2 }),
  ...[255, 0, 0, 255, 255, 255, 0, 0],
  ...[0, 0, 255, 0, 255, 0, 0, 0],
]);

describe('a picture', () => {
  it.each(['image/jpeg', 'image/png', 'image/webp'])(
    'of type %s is opened, whatever its name',
    async (type) => {
      expect(await open(await writtenByBrowser(type), 'quarters.gif')).toEqual({
        type,
        size: [640, 480],
        thumbnailType: 'image/jpeg',
        copies: [
          { size: [640, 480], quarters: 'rgbw' },
          { size: [640, 480], quarters: 'rgbw' },
          { size: [256, 192], quarters: 'rgbw' },
        ],
        notes: [],
      });
    },
  );

  it('of type AVIF is opened', async () => {
    const found = await open(await readAvif(), 'quarters.avif');
    expect(found).toMatchObject({ type: 'image/avif', size: [64, 48] });
    expect(found.copies?.map(({ quarters }) => quarters)).toEqual(['rgbw', 'rgbw', 'rgbw']);
  });

  it('of type BMP is opened', async () => {
    const found = await open(quartersBmp, 'quarters.bmp');
    expect(found).toMatchObject({ type: 'image/bmp', size: [2, 2] });
    expect(found.copies?.[0].quarters).toBe('rgbw');
  });

  it('that moves gives its first frame, and says so', async () => {
    const found = await open(gif({ width: 1, height: 1, frames: 3 }), 'clip.gif');
    expect(found.copies?.[0].quarters).toBe('(0,0,0)'.repeat(4));
    expect(found.notes).toEqual(['clip.gif is animated; only its first frame is used.']);
    expect((await open(gif({ width: 1, height: 1 }), 'still.gif')).notes).toEqual([]);
  });

  it.each([
    [1, 'rgbw'],
    [2, 'grwb'],
    [3, 'wbgr'],
    [4, 'bwrg'],
    [5, 'rbgw'],
    [6, 'brwg'],
    [7, 'wgbr'],
    [8, 'gwrb'],
  ])('held as EXIF orientation %i says stands upright in every copy', async (orientation, quarters) => {
    const found = await site.page.evaluate(async (held) => {
      const { drawQuarters, withOrientation, open } = window.photosLibrary;
      return open(await withOrientation(await drawQuarters(2560, 1920, 'image/jpeg'), held), 'held.jpg');
    }, orientation);
    const upright = (...size: number[]) => (orientation <= 4 ? size : size.reverse());
    expect(found).toMatchObject({ size: upright(2560, 1920) });
    expect(found.copies).toEqual([
      { size: upright(2560, 1920), quarters },
      { size: upright(2048, 1536), quarters },
      { size: upright(256, 192), quarters },
    ]);
  });

  it('that is clear in places is white there in its thumbnail', async () => {
    const quarters = await site.page.evaluate(async () => {
      const { open } = window.photosLibrary;
      const canvas = new OffscreenCanvas(64, 64);
      canvas.getContext('2d');
      return (await open(await canvas.convertToBlob(), 'clear.png')).copies?.[2].quarters;
    });
    expect(quarters).toBe('wwww');
  });

  it('of 50 megapixels is opened, and the page goes on meanwhile', async () => {
    const found = await site.page.evaluate(async () => {
      const { drawQuarters, incoming, openPicture, quartersOf, screenCopyOf, startPulse } =
        window.photosLibrary;
      const blob = await drawQuarters(8688, 5792, 'image/jpeg');
      const pulse = startPulse();
      const startMs = performance.now();
      const { photo, bitmap } = await openPicture(incoming(blob, 'large.jpg'));
      const screen = await screenCopyOf(bitmap);
      const tookMs = performance.now() - startMs;
      const pauseMs = pulse.stop();
      bitmap.close();
      const size = [screen.width, screen.height];
      return { photo: { ...photo }, size, quarters: quartersOf(screen), tookMs, pauseMs };
    });
    console.log(`50 megapixels: ${found.tookMs.toFixed(0)} ms, longest pause ${found.pauseMs.toFixed(0)} ms`);
    expect(found.photo).toMatchObject({ width: 8688, height: 5792 });
    expect(found).toMatchObject({ size: [2048, 1365], quarters: 'rgbw' });
    expect(found.pauseMs).toBeLessThan(LONGEST_PAUSE_MS);
  });
});

/** For how long nothing else may happen on the page, on a busy machine. */
const LONGEST_PAUSE_MS = 2000;

describe('a file that cannot be taken is named, with the reason', () => {
  it.each([
    ['empty', 'none.jpg', new Uint8Array(), 'none.jpg is empty.'],
    [
      'not-a-picture',
      'notes.jpg',
      new TextEncoder().encode('Dear diary'),
      /^notes\.jpg is not a picture that Mien knows/,
    ],
    [
      'damaged',
      'phone.HEIC',
      heic({ width: 4032, height: 3024 }),
      /HEIC .* cannot be decoded \(.*\)\. .* JPEG/,
    ],
    ['too-large', 'bomb.HEIC', heic({ width: 32_000, height: 32_000 }), /^bomb\.HEIC .* 134 megapixels/],
    ['damaged', 'bare.png', png({ width: 40, height: 30 }), /^bare\.png is damaged or cut short/],
    [
      'too-large',
      'bomb.png',
      png({ width: 100_000, height: 100_000 }),
      /^bomb\.png .* 100000 × 100000 px; .* 16384 px/,
    ],
    ['too-large', 'wide.jpg', jpeg({ width: 65_535, height: 1 }), /^wide\.jpg .* 65535 × 1 px/],
    ['too-large', 'bomb.gif', gif({ width: 16_384, height: 16_384 }), /134 megapixels/],
  ])('%s: %s', async (problem, name, bytes, message) => {
    const found = await open(bytes, name);
    expect(found).toMatchObject({ problem, file: name });
    expect(found.message).toMatch(message);
  });

  it.each(['image/jpeg', 'image/png', 'image/webp'])('damaged: a %s cut anywhere', async (type) => {
    const whole = await writtenByBrowser(type);
    for (const part of [0.02, 0.3, 0.7, 0.99]) {
      const found = await open(whole.slice(0, Math.floor(part * whole.length)), 'cut');
      expect(found).toMatchObject({ problem: 'damaged', file: 'cut' });
    }
  });
});

describe('hostile files', () => {
  const HOSTILE = 500;

  it(`${HOSTILE} of them, with pictures in between, hang nothing and take no picture with them`, async () => {
    const types = ['image/jpeg', 'image/png', 'image/webp'];
    const written = await Promise.all(types.map((type) => writtenByBrowser(type, 64, 48)));
    const pictures = [...written, await readAvif(), gif({ width: 1, height: 1, frames: 3 }), quartersBmp];
    const seed = Date.now() % 2 ** 31;
    const files = fc.sample(hostileFiles(pictures), { numRuns: HOSTILE, seed }).map(base64);
    const found = await site.page.evaluate(
      async ([hostile, good]) => {
        const { bytesOf, PQueue, incoming, openPicture, PictureError, startPulse } = window.photosLibrary;
        const failures: { file: string; isNamed: boolean }[] = [];
        const opened: string[] = [];
        const pulse = startPulse();
        const queue = new PQueue({ concurrency: 2 });
        const openOne = async (name: string) => {
          const index = Number(name.slice(1));
          const data = name.startsWith('h') ? hostile[index] : good;
          const { bitmap } = await openPicture(incoming(bytesOf(data), name));
          bitmap.close();
          opened.push(name);
        };
        const names = hostile.flatMap((_, i) => (i % 10 ? [`h${i}`] : [`h${i}`, `g${i}`]));
        for (const file of names)
          void queue
            .add(() => openOne(file))
            .catch((error: unknown) =>
              failures.push({ file, isNamed: error instanceof PictureError && error.message.includes(file) }),
            );
        await queue.onIdle();
        // The last failure is told a task later.
        await new Promise((resolve) => setTimeout(resolve));
        const state = { total: failures.length + opened.length, running: queue.pending };
        return { state, failures, opened, pauseMs: pulse.stop() };
      },
      [files, base64(pictures[0])] as const,
    );
    const { failures, opened } = found;
    console.log(`hostile files: ${failures.length} refused, ${opened.length - 50} opened, seed ${seed}`);
    expect(found.state, `seed ${seed}`).toMatchObject({ total: HOSTILE + 50, running: 0 });
    expect(opened.filter((name) => name.startsWith('g'))).toHaveLength(50);
    expect(failures.filter(({ file, isNamed }) => !isNamed || file.startsWith('g'))).toEqual([]);
    expect(failures.length).toBeGreaterThan(HOSTILE / 4);
    expect(found.pauseMs).toBeLessThan(LONGEST_PAUSE_MS);
  }, 600_000);
});

describe('five hundred pictures', () => {
  const PICTURES = 500;
  const MEBIBYTE = 1024 ** 2;
  /** What the process of the page may grow by over the last 400; their pixels would be 2900 MiB. */
  const MAX_GROWTH = 150 * MEBIBYTE;

  it.skipIf(process.platform !== 'linux')(
    'go through the queue in flat memory',
    async () => {
      const sizes: number[] = [];
      await site.page.exposeFunction('measureMemory', async () => {
        sizes.push(await site.residentBytes());
      });
      const done = await site.page.evaluate(async (count) => {
        const { PQueue, drawQuarters, incoming, openPicture } = window.photosLibrary;
        const { measureMemory } = window as unknown as { measureMemory: () => Promise<void> };
        const blob = await drawQuarters(1600, 1200, 'image/jpeg');
        const kept: unknown[] = [];
        const queue = new PQueue({ concurrency: 1 });
        const openOne = async (i: number) => {
          // Each with bytes of its own behind its end.
          const { photo, bitmap } = await openPicture(incoming(new Blob([blob, String(i)]), `${i}.jpg`));
          bitmap.close();
          kept.push(photo);
          if (kept.length % 100 === 0) await measureMemory();
        };
        await queue.addAll(Array.from({ length: count }, (_, i) => () => openOne(i)));
        return { kept: kept.length };
      }, PICTURES);
      expect(done).toEqual({ kept: PICTURES });
      console.log(`500 pictures, MiB: ${sizes.map((size) => (size / MEBIBYTE).toFixed(0)).join(', ')}`);
      expect(sizes).toHaveLength(5);
      expect(sizes[4] - sizes[0]).toBeLessThan(MAX_GROWTH);
    },
    600_000,
  );
});

describe('files and folders', () => {
  let folder: string;
  /** More than a reader of folders hands out at a time. */
  const MANY = 120;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mien-photos-'));
    await mkdir(join(folder, 'holiday', 'day 2'), { recursive: true });
    for (let i = 0; i < MANY; i++) await writeFile(join(folder, 'holiday', `${i}.jpg`), 'x');
    await writeFile(join(folder, 'holiday', 'day 2', 'anna.png'), 'x');
    await writeFile(join(folder, 'holiday', 'day 2', 'anna.pts'), '3 4');
    await writeFile(join(folder, 'single.jpg'), 'x');
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Paths of the pictures, and the points of `anna`. */
  interface Found {
    readonly paths: string[];
    readonly anna: number[][];
    readonly problems: string[];
  }

  /** What the page gathers from the next event. */
  const gatherNext = (event: 'drop' | 'paste' | 'change') =>
    site.page.evaluateHandle((type) => {
      const { filesOfList, filesOfTransfer, gather, pathOf } = window.photosLibrary;
      document.addEventListener('dragover', (dragged) => dragged.preventDefault());
      const found = new Promise<Found>((resolve, reject) => {
        const listen = async (happened: Event) => {
          happened.preventDefault();
          const { target } = happened;
          const listing =
            target instanceof HTMLInputElement
              ? filesOfList(target.files ?? [])
              : await filesOfTransfer(
                  (happened as DragEvent).dataTransfer ?? (happened as ClipboardEvent).clipboardData!,
                );
          const { pictures, problems } = await gather(listing, []);
          const anna = pictures.find((picture) => pathOf(picture).endsWith('anna.png'));
          resolve({
            paths: pictures.map(pathOf),
            anna: (anna?.truth ?? []).map((points) => [...points]),
            problems: problems.map(({ message }) => message),
          });
        };
        document.addEventListener(type, (happened) => listen(happened).catch(reject), { once: true });
      });
      return { found };
    }, event);

  const holiday = (root: string) => [
    ...Array.from({ length: MANY }, (_, i) => `${root}/${i}.jpg`),
    `${root}/day 2/anna.png`,
  ];

  it('are dropped together, and read to their depths', async () => {
    const next = await gatherNext('drop');
    const cdp = await site.page.context().newCDPSession(site.page);
    const data = {
      items: [],
      files: [join(folder, 'holiday'), join(folder, 'single.jpg')],
      dragOperationsMask: 1,
    };
    for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
      await cdp.send('Input.dispatchDragEvent', { type, x: 10, y: 10, data });
    }
    const found = await next.evaluate(({ found }) => found);
    expect(found.paths).toEqual([...holiday('holiday'), 'single.jpg']);
    expect(found.anna).toEqual([[2.5, 3.5]]);
    expect(found.problems).toEqual([]);
  });

  it('are picked', async () => {
    await site.page.setContent('<input type="file" webkitdirectory />');
    const next = await gatherNext('change');
    await site.page.locator('input').setInputFiles(join(folder, 'holiday'));
    const found = await next.evaluate(({ found }) => found);
    expect(found.paths).toEqual(holiday('holiday'));
    expect(found.anna).toEqual([[2.5, 3.5]]);
  });

  it('are pasted', async () => {
    const next = await gatherNext('paste');
    await site.page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add('words beside the picture', 'text/plain');
      clipboardData.items.add(new File(['x'], 'image.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    expect((await next.evaluate(({ found }) => found)).paths).toEqual(['image.png']);
  });

  it('that are gone by the time they are read are named', async () => {
    await site.page.setContent('<input type="file" />');
    const path = join(folder, 'gone.jpg');
    await writeFile(path, await writtenByBrowser('image/jpeg', 64, 48));
    await site.page.locator('input').setInputFiles(path);
    await rm(path);
    const found = await site.page.evaluate(() =>
      window.photosLibrary.openFile(document.querySelector('input')!.files![0]),
    );
    expect(found).toMatchObject({
      problem: 'unreadable',
      file: 'gone.jpg',
      message: 'gone.jpg could not be read from disk.',
    });
  });
});
