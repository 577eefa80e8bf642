/** `npm run track`: films to tables, with the shipped engine in a headless Chromium; see `usage`. */
import { mkdir, open as openFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, relative } from 'node:path';
import { formatFrames } from '../../src/features/films/labels';
import { NEWCOMER_INTERVAL_MS } from '../../src/features/films/tracking/frame-tracker';
import type { TrackedFilm } from './page/track';
import { glOf, openSite, type Site } from './site';
import { readTrackOptions, usage, UsageError, type FilmTask, type TrackOptions } from './track-options';

declare global {
  interface Window {
    writePiece(piece: string): Promise<void>;
    showProgress(frames: number, timeMs: number, durationMs: number | null): Promise<void>;
  }
}

/** What the page's calls go to: the film that is being read. */
interface Current {
  write: (piece: string) => Promise<void>;
  name: string;
}

const here = (path: string) => relative(process.env.INIT_CWD ?? process.cwd(), path) || path;

function showProgress(name: string, frames: number, timeMs: number, durationMs: number | null): void {
  if (!process.stderr.isTTY) return;
  const share = durationMs ? `, ${Math.round((100 * timeMs) / durationMs)} %` : '';
  process.stderr.write(`\r${name}: ${frames} frames${share}   `);
}

async function trackOne(
  site: Site,
  { film, result }: FilmTask,
  format: string,
  current: Current,
): Promise<TrackedFilm> {
  await mkdir(dirname(result), { recursive: true });
  // What is there of an earlier run stays until this one is whole.
  const part = `${result}.part`;
  const file = await openFile(part, 'w');
  current.name = basename(film);
  current.write = async (piece) => void (await file.write(piece));
  try {
    await site.page.locator('#film').setInputFiles(film);
    const tracked = await site.page.evaluate(
      (asked) =>
        window.bench.trackFilm(document.querySelector<HTMLInputElement>('#film')!, asked as 'csv', {
          progress: window.showProgress,
          write: window.writePiece,
        }),
      format,
    );
    await file.close();
    await rename(part, result);
    return tracked;
  } catch (thrown) {
    await file.close();
    await rm(part, { force: true });
    throw thrown;
  } finally {
    if (process.stderr.isTTY) process.stderr.write('\n');
  }
}

function report({ film, result }: FilmTask, { summary, method, announced, isCutShort }: TrackedFilm): void {
  const people = summary.people.length === 1 ? '1 person' : `${summary.people.length} people`;
  const share = `${(100 * summary.shareWithFace).toFixed(1)} % with a face`;
  console.log(
    `${here(film)}: ${formatFrames(summary.frames)}, ${share}, faces of ${people} → ${here(result)}`,
  );
  if (method === 'seeking') console.error(`${here(film)}: was read by seeking, for want of a decoder`);
  if (announced !== null && announced > summary.frames)
    console.error(`${here(film)}: announces ${announced} frames, ${summary.frames} could be decoded`);
  if (isCutShort)
    console.error(`${here(film)}: its end is missing: the last seconds may not be among the frames`);
}

/** The page's errors come with its stack. */
const messageOf = (thrown: unknown) =>
  (thrown instanceof Error ? thrown.message : String(thrown))
    .split('\n')[0]
    .replace(/^page\.evaluate: (\w*Error: )?/, '');

/** @returns how many films could not be read */
async function trackAll({ tasks, model, format, maxFaces, backend }: TrackOptions): Promise<number> {
  const site = await openSite({ gl: glOf(backend) });
  try {
    const current: Current = { name: '', write: async () => undefined };
    await site.page.exposeFunction('writePiece', (piece: string) => current.write(piece));
    await site.page.exposeFunction(
      'showProgress',
      (frames: number, timeMs: number, durationMs: number | null) =>
        showProgress(current.name, frames, timeMs, durationMs),
    );
    await site.page.evaluate(() => {
      document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'film' }));
    });
    await site.page.evaluate((asked) => window.bench.open(asked).then(() => undefined), {
      model,
      maxFaces,
      backend,
      signals: true,
      gaze: true,
      newcomerIntervalMs: NEWCOMER_INTERVAL_MS,
    });
    let failed = 0;
    for (const task of tasks) {
      try {
        report(task, await trackOne(site, task, format, current));
      } catch (thrown) {
        failed += 1;
        console.error(`${here(task.film)}: ${messageOf(thrown).replace(`${basename(task.film)}: `, '')}`);
      }
    }
    if (failed) console.error(`${failed} of ${tasks.length} films could not be read`);
    return failed;
  } finally {
    await site.close();
  }
}

try {
  const options = readTrackOptions(process.argv.slice(2));
  if (options) process.exitCode = (await trackAll(options)) ? 1 : 0;
  else console.log(usage);
} catch (thrown) {
  const isUsage = thrown instanceof UsageError;
  console.error(isUsage ? `${thrown.message}\n\n${usage}` : messageOf(thrown));
  process.exitCode = isUsage ? 2 : 1;
}
