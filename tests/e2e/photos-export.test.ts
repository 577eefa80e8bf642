/** Faces out, where it takes a browser: pictures drawn over, XML read back, ZIPs put together and downloaded. */
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportPictures, triangle } from '../fixtures/faces';
import { openPhotosSite, type PhotosSite } from './photos-page/site';

let site: PhotosSite;
beforeAll(async () => {
  site = await openPhotosSite();
});
afterAll(() => site?.close());

const MEBIBYTE = 1024 ** 2;

describe("dlib's XML", () => {
  /** What a point may move, px, from memory to a file and back. */
  const ROUND_TRIP_PX = 0.001;

  it('gives back every picture, face and field', async () => {
    const seed = Date.now() % 2 ** 31;
    const trips = fc.sample(exportPictures, { numRuns: 100, seed });
    console.log(`pictures of seed ${seed}`);
    const plain = trips.map((pictures) =>
      pictures.map(({ folder, name, width, height, faces }) => ({
        ...{ folder, name, width, height },
        faces: faces.map(({ points, spread, ...face }) => ({
          ...face,
          points: [...points],
          spread: spread && [...spread],
        })),
      })),
    );
    const back = await site.page.evaluate((all) => {
      const { dlib } = window.photosLibrary.formats;
      return all.map((pictures) => {
        const typed = pictures.map((picture) => ({
          ...picture,
          open: () => Promise.reject(new Error('not needed')),
          faces: picture.faces.map((face) => ({
            ...face,
            points: Float32Array.from(face.points),
            spread: face.spread && Float32Array.from(face.spread),
          })),
        }));
        const style = { overlay: 'points', groups: false, numbers: false, spread: 'off' } as const;
        const [{ name, data }] = dlib.write(typed, { style }) as Iterable<{ name: string; data: string }>;
        return dlib.read!(data, name).map(({ faces, ...picture }) => ({
          ...picture,
          faces: faces.map(({ points, spread, ...face }) => ({
            ...face,
            points: [...points],
            spread: spread ? [...spread] : null,
          })),
        }));
      });
    }, plain);
    for (const [i, pictures] of plain.entries()) {
      expect(back[i].map(({ path, width, height }) => ({ path, width, height }))).toEqual(
        pictures.map(({ folder, name, width, height }) => ({
          ...{ path: folder ? `${folder}/${name}` : name, width, height },
        })),
      );
      const faces = pictures.flatMap(({ faces }) => faces);
      const found = back[i].flatMap(({ faces }) => faces);
      expect(found).toHaveLength(faces.length);
      for (const [j, face] of faces.entries()) {
        expect(found[j]).toMatchObject({ model: face.model, scheme: 'triangle', corrected: face.corrected });
        expect(found[j].score).toBeCloseTo(face.score, 4);
        for (const name of ['points', 'spread'] as const) {
          expect(found[j][name] === null).toBe(face[name] === null);
          const off = face[name]?.map((value, k) => Math.abs(value - found[j][name]![k])) ?? [];
          expect(Math.max(0, ...off)).toBeLessThanOrEqual(ROUND_TRIP_PX);
        }
      }
    }
  });

  it.each([
    ['<dataset>', /^x\.xml: is not well-formed XML/],
    ['<dataset><images><image/></images></dataset>', 'x.xml, <image>: file is missing'],
    [
      '<dataset><images><image file="a.jpg"><box><part name="0" x="" y="1"/></box></image></images></dataset>',
      'x.xml, a.jpg, <part>: x must be a number, found ""',
    ],
  ])('that cannot be read is named: %s', async (text, message) => {
    const said = await site.page.evaluate((xml) => {
      try {
        window.photosLibrary.formats.dlib.read!(xml, 'x.xml');
      } catch (error) {
        return (error as Error).message;
      }
      return 'nothing';
    }, text);
    expect(said).toMatch(message);
  });
});

describe('an export', () => {
  const FILES = 150;
  const FILE_BYTES = 2 * MEBIBYTE;
  /** What the process of the page may grow by; the files are 300 MiB. */
  const MAX_GROWTH = 100 * MEBIBYTE;

  it.skipIf(process.platform !== 'linux')(
    'of many files becomes one ZIP that never lies in the memory of the page as a whole',
    async () => {
      const before = await site.residentBytes();
      let most = 0;
      await site.page.exposeFunction('measureMemory', async () => {
        most = Math.max(most, (await site.residentBytes()) - before);
      });
      const found = await site.page.evaluate(
        async ([count, bytes]) => {
          const { bundleFiles } = window.photosLibrary;
          const { measureMemory } = window as unknown as { measureMemory: () => Promise<void> };
          async function* files() {
            for (let i = 0; i < count; i++) {
              if (i % 10 === 0) await measureMemory();
              yield { name: `holiday/${i}.jpg`, data: new Blob([new Uint8Array(bytes).fill(i)]) };
            }
          }
          const { name, blob } = await bundleFiles(files(), 'holiday');
          await measureMemory();
          const start = new TextDecoder().decode(await blob.slice(0, 4).arrayBuffer());
          const end = new DataView(await blob.slice(blob.size - 22).arrayBuffer());
          return { name, size: blob.size, type: blob.type, start, entries: end.getUint16(10, true) };
        },
        [FILES, FILE_BYTES] as const,
      );
      console.log(`a ZIP of 300 MiB: the page grew by ${(most / MEBIBYTE).toFixed(0)} MiB at most`);
      expect(found).toMatchObject({
        name: 'holiday.zip',
        type: 'application/zip',
        start: 'PK\x03\x04',
        entries: FILES,
      });
      expect(found.size).toBeGreaterThan(FILES * FILE_BYTES);
      expect(most).toBeLessThan(MAX_GROWTH);
    },
    300_000,
  );

  it('of one file is downloaded as it is', async () => {
    const [download] = await Promise.all([
      site.page.waitForEvent('download'),
      site.page.evaluate(async () => {
        async function* files() {
          yield { name: 'a/anna.pts', data: 'version: 1\n' };
        }
        return window.photosLibrary.saveFiles(files(), 'holiday');
      }),
    ]);
    expect(download.suggestedFilename()).toBe('anna.pts');
    expect(await readFile(await download.path(), 'utf8')).toBe('version: 1\n');
  });

  it('of nothing, or of a picture that cannot be opened, is an error that says so', async () => {
    const messages = await site.page.evaluate(async () => {
      const { bundleFiles, exportFiles } = window.photosLibrary;
      const open = () => Promise.reject(new Error('gone.jpg is not in storage any more'));
      const gone = { name: 'gone.jpg', folder: '', width: 1, height: 1, faces: [], open };
      const style = { overlay: 'points', groups: false, numbers: false, spread: 'off' } as const;
      const late = async function* () {
        yield { name: 'a', data: 'a' };
        yield { name: 'b', data: 'b' };
        yield* exportFiles([gone], ['picture'], { style });
      };
      const tries = [
        exportFiles([gone], ['pts'], { style }),
        exportFiles([gone], ['overlay'], { style }),
        late(),
      ];
      const said = tries.map((files) =>
        bundleFiles(files, 'holiday').then(
          () => 'nothing',
          (error: Error) => error.message,
        ),
      );
      return Promise.all(said);
    });
    expect(messages).toEqual([
      'holiday: there is nothing to export',
      'gone.jpg is not in storage any more',
      'gone.jpg is not in storage any more',
    ]);
  });
});

describe('a picture with its overlay', () => {
  /** Draws one face of three points over a picture held sideways, and looks at the PNG. */
  const drawOver = (width: number, height: number) =>
    site.page.evaluate(
      async ([scheme, w, h]) => {
        const { drawQuarters, exportFiles, quartersOf, withOrientation } = window.photosLibrary;
        const blob = await withOrientation(await drawQuarters(h, w, 'image/jpeg'), 6);
        const face = {
          points: Float32Array.of(0.5 * w, 0.1 * h, 0.6 * w, 0.1 * h, 0.55 * w, 0.9 * h),
          spread: new Float32Array(3),
          ...{ score: 1, model: 'net', scheme, corrected: false },
        };
        const open = () => Promise.resolve(blob);
        const picture = { name: 'held.jpg', folder: 'a', width: w, height: h, faces: [face], open };
        const style = { overlay: 'contours', groups: false, numbers: false, spread: 'off' } as const;
        for await (const { name, data } of exportFiles([picture], ['overlay'], { style })) {
          const drawn = await createImageBitmap(data as Blob);
          const context = new OffscreenCanvas(drawn.width, drawn.height).getContext('2d')!;
          context.drawImage(drawn, 0, 0);
          const colourAt = (x: number, y: number) =>
            [...context.getImageData(x * drawn.width, y * drawn.height, 1, 1).data].slice(0, 3);
          return {
            ...{ name, type: (data as Blob).type, size: [drawn.width, drawn.height] },
            ...{ quarters: quartersOf(drawn), onMouth: colourAt(0.55, 0.9), beside: colourAt(0.65, 0.9) },
          };
        }
        throw new Error('nothing was drawn');
      },
      [triangle, width, height] as const,
    );

  it('stands upright in full size, with the points where they are', async () => {
    const drawn = await drawOver(600, 800);
    expect(drawn).toMatchObject({ name: 'overlay/a/held.png', type: 'image/png', size: [600, 800] });
    expect(drawn.quarters).toBe('brwg');
    // The face's colour over the green of the quarter.
    const [red, green, blue] = drawn.onMouth;
    expect([red > 100, green > 200, blue > 180]).toEqual([true, true, true]);
    expect(drawn.beside[1]).toBeGreaterThan(250);
    expect(Math.max(drawn.beside[0], drawn.beside[2])).toBeLessThan(5);
  });

  it('is made smaller where no canvas would hold it', async () => {
    const { size, quarters, onMouth } = await drawOver(5000, 6000);
    expect(size).toEqual([3739, 4486]);
    expect(quarters).toBe('brwg');
    expect(onMouth[2]).toBeGreaterThan(180);
  });
});
