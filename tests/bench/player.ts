/**
 * How long a film of 30 minutes at 30 frames a second takes to open in the player, and a place in it to be shown.
 * Its results are made up and written into the browser's storage: reading so many frames would take hours.
 *   npm run bench:player [-- --minutes N] [--runs N] [--json FILE]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { movements, loadExpression } from '../../src/engine/signals/expression';
import { launchProfile, serveApp } from '../e2e/browser';
import { LONG_FILM, makeLongFilm } from '../fixtures/long-film';
import { fromHere, run } from './arguments';
import { quantile } from './quantile';
import { scrub } from './scrub';
import { writeJson } from './site';

const RATE = 30;

/** Writes a film that was read: one face that sways, turns its head, and is another track every minute. */
async function writeResults(page: Page, film: string, frames: number): Promise<void> {
  await loadExpression();
  // A picker of our own: what the page's own is given would be read.
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'bench-film' }));
  });
  await page.locator('#bench-film').setInputFiles(film);
  await page.evaluate(
    async ({ count, rate, size, names }) => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error!);
        });
      const file = document.querySelector<HTMLInputElement>('#bench-film')!.files![0];
      const model = (await (await fetch('models/lite/model.json')).json()) as {
        userDefinedMetadata: { mien: { scheme: unknown } };
      };
      const { scheme } = model.userDefinedMetadata.mien;
      const id = 'bench';
      const framesOf = (first: number, length: number) =>
        Array.from({ length }, (_, i) => frameOf(first + i));
      const frameOf = (index: number) => {
        const turn = Math.sin(index / 50);
        const wave = Array.from({ length: 68 }, (_, i) => [
          900 + 200 * turn + 30 * (i % 9),
          400 + 30 * Math.floor(i / 9),
        ]);
        const signals = {
          pose: { yawDeg: 30 * turn, pitchDeg: 5 * turn, rollDeg: 3 * turn },
          eyes: { left: 1 - 0.1 * turn, right: 1 },
          mouth: { opening: 0.2 + 0.1 * turn, width: 1, asymmetry: 0 },
          expression: Object.fromEntries(names.map((name) => [name, 0.5 + 0.1 * turn])),
          blinks: [],
        };
        const face = {
          track: 1 + Math.floor(index / (60 * rate)),
          score: 0.99,
          points: Float32Array.from(wave.flat()),
          spread: new Float32Array(68).fill(2 + turn),
          signals,
        };
        return { index, timeMs: (1000 * index) / rate, shot: 0, faces: [face] };
      };
      const db = await done(indexedDB.open('mien-films'));
      for (let first = 0; first < count; first += 64) {
        const store = db.transaction('chunks', 'readwrite').objectStore('chunks');
        await done(store.put(framesOf(first, Math.min(64, count - first)), [id, first]));
      }
      const record = {
        ...{ id, name: file.name, bytes: file.size, modifiedMs: file.lastModified, addedMs: 1 },
        ...{ state: 'done', problem: '', notes: [], isKept: true, ...size },
        ...{ durationMs: (1000 * count) / rate, method: 'decoder', hasSound: false },
        ...{ done: count, doneMs: (1000 * (count - 1)) / rate, model: 'lite', usedModel: 'lite', scheme },
        ...{ maxFaces: 4, edits: [], names: {}, hidden: [] },
      };
      const writing = db.transaction(['films', 'files'], 'readwrite');
      writing.objectStore('films').put(record);
      writing.objectStore('files').put(file, id);
      // A page that is left before then takes the film with it.
      await new Promise((resolve, reject) => {
        writing.oncomplete = resolve;
        writing.onabort = () => reject(writing.error!);
      });
      db.close();
    },
    { count: frames, rate: RATE, size: LONG_FILM, names: [...movements()] },
  );
}

/** Ms from a press on Open to the frame and the curves. */
async function openFilm(page: Page): Promise<number> {
  await page.reload();
  await page.locator('[data-film]').waitFor();
  const startMs = performance.now();
  await page.getByRole('button', { name: 'Open', exact: true }).click();
  await page.locator('[data-part=film-view][data-ready=true]').waitFor();
  await page.locator('[data-part=strips] canvas').first().waitFor();
  await page.locator('[data-part=film-stage][data-frame="0"]').waitFor();
  return performance.now() - startMs;
}

await run(async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      runs: { type: 'string', default: '3' },
      json: { type: 'string' },
    },
  });
  const [minutes, runs] = [Number(values.minutes), Number(values.runs)];
  if (!(minutes >= 1)) throw new Error(`--minutes ${values.minutes}: must be a number of at least 1`);
  if (!(runs >= 1)) throw new Error(`--runs ${values.runs}: must be a number of at least 1`);
  const film = await makeLongFilm(minutes, RATE);
  const app = await serveApp();
  const folder = await mkdtemp(join(tmpdir(), 'mien-player-'));
  const browser = await launchProfile(folder, { camera: 'none', gl: 'none' });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    await page.goto(`${app.url}?backend=wasm&model=lite#/films`);
    await page.locator('[data-part=pick-films]').waitFor({ state: 'attached' });
    await writeResults(page, film, minutes * 60 * RATE);
    const found: { openMs: number; seekMs: number; mostMs: number }[] = [];
    for (let i = 0; i < runs; i++) {
      const openMs = await openFilm(page);
      const { medianMs, mostMs } = await scrub(page);
      console.log(
        `${i === 0 ? 'first' : 'again'}: opened in ${openMs.toFixed(0)} ms; going to a frame ${medianMs.toFixed(0)} ms, at most ${mostMs.toFixed(0)}`,
      );
      found.push({ openMs, seekMs: medianMs, mostMs });
      await page.getByRole('button', { name: 'All films' }).click();
    }
    const median = (name: 'openMs' | 'seekMs') =>
      quantile(
        found.map((one) => one[name]),
        0.5,
      ).toFixed(0);
    console.log(
      `median of ${runs}: opened in ${median('openMs')} ms, going to a frame ${median('seekMs')} ms`,
    );
    if (values.json) await writeJson(fromHere(values.json), { minutes, runs: found });
  } finally {
    await browser.close();
    await app.close();
    await rm(folder, { recursive: true });
  }
});
