/**
 * A film of 30 minutes in full HD on the page Films, at a few frames a second so that it ends: memory must stay flat while it
 * is read, while it is opened and scrubbed, and while it is exported.
 *   npm run soak:films [-- --minutes N] [--rate FRAMES A SECOND] [--read MINUTES, if fewer are to be read] [--json FILE]
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { launchProfile, serveApp } from '../e2e/browser';
import { addFilms } from '../e2e/films-page';
import { childMemory } from '../e2e/process-memory';
import { makeLongFilm } from '../fixtures/long-film';
import { fromHere, run } from './arguments';
import { scrub } from './scrub';
import { writeJson } from './site';
import { slopeOf } from './slope';

const SAMPLE_MS = 5000;
/** Of the film that is only opened: as phones make them. */
const PLAYED_RATE = 30;
/** Encoding all of it would take hours without a GPU. */
const OVERLAY_MS = 240_000;
/**
 * What the browser may take more per 1000 frames, MB. One decoded frame in 150 that is not closed comes to 20; what processes take
 * grows in steps without a leak. The heap holds what a page remembers.
 */
const MAX_MB_PER_1000 = { processMb: 20, heapMb: 2 } as const;
/** Until codecs, network and database have their memory, so many frames are not counted. */
const WARM_UP_FRAMES = 600;

interface Sample {
  readonly frames: number;
  /** Of all of the browser's processes. */
  readonly processMb: number;
  /** JS heap of the page and its workers, after a collection. */
  readonly heapMb: number;
}

async function createSampler(page: Page): Promise<(frames: number) => Promise<Sample>> {
  const devtools = await page.context().newCDPSession(page);
  return async (frames) => {
    await devtools.send('HeapProfiler.collectGarbage');
    const bytes = await page.evaluate(async () => (await performance.measureUserAgentSpecificMemory()).bytes);
    return { frames, processMb: childMemory() / 1e6, heapMb: bytes / 1e6 };
  };
}

const cells = ({ frames, processMb, heapMb }: Sample) =>
  [frames, processMb.toFixed(0), heapMb.toFixed(1)].map((cell) => String(cell).padStart(8)).join('  ');

/** Samples until the frames are done, or for so long. @param doneFrames null once all are */
async function watch(
  name: string,
  sample: (frames: number) => Promise<Sample>,
  doneFrames: () => Promise<number | null>,
  maxMs = Infinity,
): Promise<Sample[]> {
  const startMs = performance.now();
  console.log(`${name}\n${['frames', 'MB', 'heap MB'].map((head) => head.padStart(8)).join('  ')}`);
  const samples: Sample[] = [];
  for (let done = await doneFrames(); done !== null; done = await doneFrames()) {
    samples.push(await sample(done));
    console.log(cells(samples[samples.length - 1]));
    if (performance.now() - startMs > maxMs) break;
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS));
  }
  const seconds = (performance.now() - startMs) / 1000;
  console.log(`${seconds.toFixed(0)} s; ${growths.map((of) => of(samples).text).join(', ')}`);
  return samples;
}

/** Growth of both kinds of memory once the first part is over, MB per 1000 frames. */
const growths = (['processMb', 'heapMb'] as const).map((kind) => (samples: readonly Sample[]) => {
  const counted = samples.filter(({ frames }) => frames >= WARM_UP_FRAMES);
  const value = counted.length < 3 ? null : 1000 * slopeOf(counted.map((one) => [one.frames, one[kind]]));
  return {
    value,
    most: MAX_MB_PER_1000[kind],
    text: `${kind} ${value === null ? 'unknown' : value.toFixed(2)} per 1000 frames`,
  };
});

const complaintsOf = (name: string, samples: readonly Sample[]): string[] =>
  growths.flatMap((of) => {
    const { value, most, text } = of(samples);
    return value !== null && value > most ? [`${name}: ${text}`] : [];
  });

async function readingFrames(page: Page): Promise<number | null> {
  const film = page.locator('[data-film]');
  const state = await film.getAttribute('data-state');
  if (state === 'failed') throw new Error(`film: ${await film.innerText()}`);
  return state === 'done' ? null : Number(await film.getAttribute('data-done'));
}

/**
 * Makes the second film one that was read: what was found in the first is repeated for all its frames.
 * Reading so many would take hours.
 */
async function repeatResults(page: Page, frames: number, rate: number): Promise<void> {
  await page.evaluate(
    async ([count, framesPerSecond]) => {
      const done = <T>(request: IDBRequest<T>) =>
        new Promise<T>((resolve, reject) => {
          request.onsuccess = () => resolve(request.result);
          request.onerror = () => reject(request.error!);
        });
      const db = await done(indexedDB.open('mien-films'));
      // Until its file is kept, the page has more to write about it.
      const filesKept = () => done(db.transaction('files').objectStore('files').count());
      while ((await filesKept()) < 2) await new Promise((resolve) => setTimeout(resolve, 200));
      type Film = { id: string; addedMs: number; done: number };
      const films = await done<Film[]>(db.transaction('films').objectStore('films').getAll());
      const [read, played] = films.sort((one, other) => one.addedMs - other.addedMs);
      const range = IDBKeyRange.bound([read.id], [read.id, []]);
      const chunks = await done<{ index: number; timeMs: number }[][]>(
        db.transaction('chunks').objectStore('chunks').getAll(range, 20),
      );
      const found = chunks.flat();
      const size = 64;
      // Of what was read before it was cancelled; the player makes those of what is written here.
      const outlines = db.transaction('outlines', 'readwrite').objectStore('outlines');
      await done(outlines.delete(IDBKeyRange.bound([played.id], [played.id, []])));
      for (let first = 0; first < count; first += size) {
        const chunk = Array.from({ length: Math.min(size, count - first) }, (_, i) => ({
          ...found[(first + i) % found.length],
          index: first + i,
          timeMs: (1000 * (first + i)) / framesPerSecond,
          shot: 0,
        }));
        const store = db.transaction('chunks', 'readwrite').objectStore('chunks');
        await done(store.put(chunk, [played.id, first]));
      }
      const whole = { ...read, ...played, ...{ done: count, state: 'done' } };
      const { usedModel, scheme } = read as unknown as Record<string, unknown>;
      const record = { ...whole, usedModel, scheme, width: 1920, height: 1080, method: 'decoder' };
      await done(db.transaction('films', 'readwrite').objectStore('films').put(record));
      db.close();
    },
    [frames, rate] as const,
  );
}

/** Frames that were written so far, as the dialog says. */
async function writtenFrames(page: Page): Promise<number | null> {
  const form = page.locator('[data-part=film-export]');
  const state = await form.getAttribute('data-state');
  if (state === 'failed') throw new Error(`export: ${await form.innerText()}`);
  return state === 'saved' ? null : Number(/(\d+) frames?/.exec(await form.innerText())?.[1] ?? 0);
}

async function startExport(page: Page, label: string): Promise<void> {
  await page.getByRole('button', { name: 'Export' }).click();
  const dialog = page.getByRole('dialog', { name: 'Export' });
  for (const box of await dialog.getByRole('checkbox').all()) await box.setChecked(false);
  await dialog.getByRole('checkbox', { name: new RegExp(`^${label}`) }).setChecked(true);
  await dialog.getByRole('button', { name: 'Save' }).click();
}

await run(async () => {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      rate: { type: 'string', default: '2' },
      read: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const [minutes, rate] = [Number(values.minutes), Number(values.rate)];
  if (!(minutes >= 1)) throw new Error(`--minutes ${values.minutes}: must be a number of at least 1`);
  if (!(rate >= 1)) throw new Error(`--rate ${values.rate}: must be a number of at least 1`);
  const read = Number(values.read ?? minutes);
  if (!(read >= 1)) throw new Error(`--read ${values.read}: must be a number of at least 1`);
  const film = await makeLongFilm(read, rate);
  const played = await makeLongFilm(minutes, PLAYED_RATE);
  const app = await serveApp();
  const folder = await mkdtemp(join(tmpdir(), 'mien-films-'));
  // On disk, as a user's: a browser without a profile keeps what is stored in memory.
  const browser = await launchProfile(folder, {
    ...{ camera: 'none', gl: 'none' },
    args: ['--enable-blink-features=ForceEagerMeasureMemory'],
  });
  try {
    const page = await browser.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(`${app.url}?backend=wasm&model=lite#/films`);
    const sample = await createSampler(page);

    await addFilms(page, [film]);
    await page.locator('[data-film]').waitFor();
    const reading = await watch(`reading ${read} min at ${rate} frames a second`, sample, () =>
      readingFrames(page),
    );
    const found = complaintsOf('reading', reading);

    await addFilms(page, [played]);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.locator('[data-film][data-state=cancelled]').waitFor();
    const frames = minutes * 60 * PLAYED_RATE;
    await repeatResults(page, frames, PLAYED_RATE);
    await page.reload();
    await page.locator(`[data-film][data-done="${frames}"]`).waitFor();
    const listed = await sample(0);
    const startMs = performance.now();
    await page.getByRole('button', { name: 'Open', exact: true }).last().click();
    await page.locator('[data-part=film-view][data-ready=true]').waitFor();
    await page.locator('[data-part=strips] canvas').first().waitFor();
    const openMs = performance.now() - startMs;
    console.log(
      `opening ${frames} frames: ${openMs.toFixed(0)} ms\n${cells(listed)}\n${cells(await sample(0))}`,
    );
    const { medianMs, mostMs } = await scrub(page);
    console.log(`going to a frame: ${medianMs.toFixed(0)} ms, at most ${mostMs.toFixed(0)}`);
    console.log(cells(await sample(0)));

    await startExport(page, 'CSV A row');
    const table = await watch('CSV', sample, () => writtenFrames(page));
    found.push(...complaintsOf('CSV', table));
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
    await startExport(page, 'Film with overlay');
    const overlay = await watch('film with overlay', sample, () => writtenFrames(page), OVERLAY_MS);
    found.push(...complaintsOf('film with overlay', overlay), ...faults);
    if (values.json)
      await writeJson(fromHere(values.json), {
        minutes,
        rate,
        reading,
        openMs,
        medianMs,
        mostMs,
        table,
        overlay,
      });
    if (found.length > 0) throw new Error(found.join('\n'));
  } finally {
    await browser.close();
    await app.close();
    await rm(folder, { recursive: true });
  }
});
