/**
 * The core of the app in the engines of other browsers: the sample picture, pictures of one's own, their export,
 * and the sample again without a server.
 */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveApp } from './browser';
import { firefox } from './engines/firefox';
import type { Visitor } from './engines/visitor';
import { webkit } from './engines/webkit';

/** Long enough for wasm without a compiler, on a busy machine. */
const patienceMs = 120_000;
/** A face of the picture has its points within these boundaries, px: they are on the face, not somewhere. */
const face = { left: 150, right: 320, top: 30, bottom: 260 };

/** Of `pal-colours.mp4`. */
const FILM_FRAMES = 6;

/** Code that puts a file, itself the code of one, into the picker of a page. */
const pick = (part: string, file: string) => `
  const transfer = new DataTransfer();
  transfer.items.add(${file});
  const input = document.querySelector('[data-part=${part}]');
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));`;

const engines = [firefox, webkit];

for (const engine of engines) {
  const missing = engine.missing();
  if (missing) console.warn(`${engine.name}: not tried, ${missing}`);

  describe.skipIf(missing)(engine.name, () => {
    let app: Awaited<ReturnType<typeof serveApp>>;
    let visitor: Visitor;
    let serving = true;
    const stopServing = async () => {
      if (serving) await app?.close();
      serving = false;
    };

    beforeAll(async () => {
      app = await serveApp();
      visitor = await engine.start();
    });
    afterAll(async () => {
      await visitor?.close();
      await stopServing();
    });

    async function until(expression: string): Promise<void> {
      const holds = () => visitor.run<boolean>(`return Boolean(${expression});`);
      await expect.poll(holds, { timeout: patienceMs, interval: 500 }).toBe(true);
    }

    async function followSample(): Promise<void> {
      await visitor.go(`${app.url}?sample&backend=wasm`);
      await until('Number(document.querySelector("[data-part=stage]")?.dataset.results) > 2');
    }

    test('the sample picture has its face followed', async () => {
      await followSample();
      expect(await visitor.run('return document.querySelector("[data-part=stage]").dataset.faces')).toBe('1');
    });

    test('a picture gets its points, and they are exported', async () => {
      await visitor.go(`${app.url}?backend=wasm#/photos`);
      await until('document.querySelector("[data-part=pick-pictures]")');
      await visitor.run(`
        const picture = await (await fetch('samples/astronaut.png')).blob();
        ${pick('pick-pictures', `new File([picture], 'astronaut.png', { type: 'image/png' })`)}`);
      await until('document.querySelector("[data-work=done]")');

      await visitor.run(`
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => ((window.exported = blob), make.call(URL, blob));
        const button = (words) => [...document.querySelectorAll('button')].find((one) => one.textContent.trim() === words);
        button('Export').click();
        await new Promise((done) => setTimeout(done, 500));
        button('Save').click();`);
      await until('window.exported');
      const lines = (await visitor.run<string>('return window.exported.text()')).trim().split('\n');
      const points = lines.slice(3, -1).map((line) => line.split(' ').map(Number));
      expect(points).toHaveLength(68);
      for (const [x, y] of points) {
        expect(x).toBeGreaterThan(face.left);
        expect(x).toBeLessThan(face.right);
        expect(y).toBeGreaterThan(face.top);
        expect(y).toBeLessThan(face.bottom);
      }
    });

    test('a picture whose sides are odd, halved before it is searched, has its face found too', async () => {
      await visitor.go(`${app.url}?backend=wasm#/photos`);
      await until('document.querySelector("[data-part=pick-pictures]")');
      await visitor.run(`
        const sample = await createImageBitmap(await (await fetch('samples/astronaut.png')).blob());
        const canvas = Object.assign(document.createElement('canvas'), { width: 1351, height: 1351 });
        canvas.getContext('2d').drawImage(sample, 0, 0, 1351, 1351);
        const picture = await new Promise((done) => canvas.toBlob(done, 'image/jpeg'));
        ${pick('pick-pictures', `new File([picture], 'odd.jpg', { type: 'image/jpeg' })`)}`);
      // Enlarged so, more than the one may be taken for faces.
      await until(
        '[...document.querySelectorAll("[data-work=done]")].some((one) => /odd\\.jpg\\s+[1-9]/.test(one.textContent))',
      );
    });

    test('an MP4 film whose decoder names a colour space of its own is read whole', async () => {
      const film = await readFile(new URL('../fixtures/pal-colours.mp4', import.meta.url));
      await visitor.go(`${app.url}?backend=wasm#/films`);
      await until('document.querySelector("[data-part=pick-films]")');
      await visitor.run(`
        const bytes = Uint8Array.from(atob('${film.toString('base64')}'), (letter) => letter.charCodeAt(0));
        ${pick('pick-films', `new File([bytes], 'face.mp4', { type: 'video/mp4' })`)}`);
      await until('document.querySelector("[data-film]:is([data-state=done], [data-state=failed])")');
      const told = await visitor.run<string>('return document.querySelector("[data-film]").innerText');
      expect(told).toContain(`${FILM_FRAMES} frames`);
    });

    test('without a server the sample picture has its face followed all the same', async () => {
      await visitor.go(app.url);
      await until('await navigator.serviceWorker.ready && navigator.serviceWorker.controller');
      await stopServing();
      await followSample();
    });
  });
}
