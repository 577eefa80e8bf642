/** Films on their page: read whole and the same each time, exported and read back, paused and gone on with after a reload. */
import { readFile } from 'node:fs/promises';
import Papa from 'papaparse';
import type { Page } from 'playwright-core';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readFilmJson } from '../../src/shared/formats/film';
import { parsePts } from '../../src/shared/formats';
import { openSite, type Site } from '../bench/site';
import { CUT_FRAME, FILM_FRAMES, filmTimes, makeFaceFilm } from '../fixtures/films';
import { followsFace, useApp } from './app';
import {
  addFilms,
  exportFrom,
  openFilms,
  openFirstFilm,
  readFilmOnPage,
  soundEndOf,
  waitForState as waitForFilm,
} from './films-page';
import { pressOnce, watchFor } from './passing';
import './live-page';

/** Between a frame's time and its row's: the file counts in ticks, the row has three decimals. */
const TIME_TOLERANCE_MS = 0.02;
const SHORT = { frames: 40, cut: 30 } as const;
const MIDDLE = { frames: 120, cut: 100 } as const;
/** Between the sound and the frame on the screen: what a busy machine takes to decode and draw one. */
const SOUND_TOLERANCE_MS = 250;
/** How much longer or shorter sound may be in other packets. */
const SOUND_END_TOLERANCE_MS = 60;
const LOOKS = 5;
/** Frames of Live while a film is read. */
const RESULTS_BESIDE = 10;
/** For two readings of 300 frames, also on a busy machine. */
const LONG_TEST_MS = 300_000;

let films: { long: string; middle: string; short: string };
let site: Site;
beforeAll(async () => {
  films = {
    long: await makeFaceFilm(),
    middle: await makeFaceFilm(MIDDLE.frames, MIDDLE.cut),
    short: await makeFaceFilm(SHORT.frames, SHORT.cut),
  };
  site = await openSite();
});
afterAll(() => site.close());
const open = useApp();

type Row = Readonly<Record<string, string>>;
const parseRows = (data: Buffer): Row[] =>
  Papa.parse<Row>(data.toString().trimEnd(), { header: true, dynamicTyping: false }).data;

function expectTimes(timesMs: readonly number[]): void {
  const off = timesMs.map((timeMs, i) => Math.abs(timeMs - filmTimes(FILM_FRAMES)[i] * 1000));
  expect(Math.max(...off)).toBeLessThan(TIME_TOLERANCE_MS);
}

test(
  '300 frames give 300 rows at the right times, and the same bytes when read again',
  async () => {
    const { page, errors } = await openFilms(open);
    const read = async () => {
      await readFilmOnPage(page, films.long);
      await openFirstFilm(page);
      return (await exportFrom(page, 'CSV A row')).data;
    };
    const first = await read();
    const rows = parseRows(first);
    expect(rows.map(({ frame }) => Number(frame))).toEqual(
      Array.from({ length: FILM_FRAMES }, (_, i) => i + 1),
    );
    expectTimes(rows.map(({ time_ms }) => Number(time_ms)));
    // One face, the same to the cut, then none.
    expect(rows.map(({ face }) => face)).toEqual(rows.map((_, i) => (i < CUT_FRAME ? '1' : '')));
    expect(rows.map(({ shot }) => shot)).toEqual(rows.map((_, i) => (i < CUT_FRAME ? '1' : '2')));
    expect(rows[0].x31).toMatch(/^\d+(\.\d+)?$/);
    await expect
      .poll(() => page.locator('[data-part=summary]').innerText())
      .toContain('66.7 % of the frames');

    await page.getByRole('button', { name: 'All films' }).click();
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('button', { name: 'Remove for good' }).click();
    await page.getByRole('heading', { name: 'Films, frame by frame' }).waitFor();
    const second = await read();
    expect(second.equals(first)).toBe(true);
    expect(errors).toEqual([]);
  },
  LONG_TEST_MS,
);

test('a film is exported in every form, and each is read back; a still goes to Photos', async () => {
  const { page, errors } = await openFilms(open);
  await readFilmOnPage(page, films.short);
  await openFirstFilm(page);
  await page.getByLabel('Name of Face 1').fill('Eileen');
  await page.keyboard.press('Enter');

  const json = readFilmJson((await exportFrom(page, 'JSON lines')).data.toString(), 'film.jsonl');
  expect([json.frames.length, json.film.summary.frames, json.film.summary.shots]).toEqual([
    SHORT.frames,
    SHORT.frames,
    2,
  ]);
  expect(json.film.summary.people.map(({ name, frames }) => [name, frames])).toEqual([['Eileen', SHORT.cut]]);
  expect(json.frames[3].faces[0].points).toHaveLength(68);
  const looking = json.frames[3].faces[0].signals!;
  expect(looking.gaze).toBeDefined();

  const openFace = parseRows((await exportFrom(page, 'CSV as OpenFace writes it')).data);
  expect(Object.keys(openFace[0]).slice(0, 5)).toEqual([
    'frame',
    'face_id',
    'timestamp',
    'confidence',
    'success',
  ]);
  // Relative to the camera's axis, where Mien's angle is relative to the line of sight.
  const [aside, , away] = looking.pose.matrix.slice(12, 15);
  const yawRad = (looking.gaze!.yawDeg * Math.PI) / 180 - Math.atan2(aside, -away);
  expect(Number(openFace[3].gaze_angle_x)).toBeCloseTo(yawRad, 1);
  expect(Number(openFace[3].gaze_0_z)).toBeLessThan(-0.8);
  expect(openFace.map(({ success }) => success).join('')).toBe(
    '1'.repeat(SHORT.cut) + '0'.repeat(SHORT.frames - SHORT.cut),
  );
  expect(Number(openFace[2].x_30)).toBeCloseTo(json.frames[2].faces[0].points[30][0] - 0.5, 3);

  const { data: zip } = await exportFrom(page, 'Frames with .pts');
  const files = unzipSync(zip);
  expect(Object.keys(files).sort()).toEqual(['face-40-30-000001.png', 'face-40-30-000001.pts']);
  const points = parsePts(new TextDecoder().decode(files['face-40-30-000001.pts']), 'first.pts');
  expect(points[60]).toBeCloseTo(json.frames[0].faces[0].points[30][0], 3);

  const { data: some } = await exportFrom(page, 'Frames with .pts', '1, 3-4');
  expect(Object.keys(unzipSync(some)).filter((name) => name.endsWith('.png'))).toEqual(
    ['000001', '000003', '000004'].map((number) => `face-40-30-${number}.png`),
  );

  const burnt = await exportFrom(page, 'Film with overlay');
  expect(burnt.name).toBe('face-40-30-overlay.mp4');
  const copy = await site.page.evaluate((film) => window.bench.readFilm(film), burnt.data.toString('base64'));
  expect(copy.frames.map(({ number }) => number)).toEqual(Array.from({ length: SHORT.frames }, (_, i) => i));
  expectTimes(copy.frames.map(({ timeMs }) => timeMs));
  const soundEndMs = await soundEndOf(await readFile(films.short));
  expect(Math.abs((await soundEndOf(burnt.data)) - soundEndMs)).toBeLessThan(SOUND_END_TOLERANCE_MS);

  const alone = await exportFrom(page, 'Overlay alone');
  expect(alone.name).toBe('face-40-30-overlay.webm');
  const shares = await site.page.evaluate(
    (film) => window.bench.readOpacity(film),
    alone.data.toString('base64'),
  );
  expect(shares).toHaveLength(SHORT.frames);
  // Lines and dots over a face cover a little of the frame, and nothing where there is no face.
  expect(shares.slice(0, SHORT.cut).every((share) => share > 0.003 && share < 0.2)).toBe(true);
  expect(shares.slice(SHORT.cut).every((share) => share === 0)).toBe(true);
  // WebM takes no AAC: it is encoded anew.
  expect(Math.abs((await soundEndOf(alone.data)) - soundEndMs)).toBeLessThan(SOUND_END_TOLERANCE_MS);

  await page.getByRole('button', { name: 'Still to Photos' }).click();
  await page.getByText('Frame 1 is now in Photos.').waitFor();
  await page.getByRole('link', { name: 'Photos' }).click();
  await page.locator('button[data-photo]').waitFor();
  expect(errors).toEqual([]);
});

test('a film goes on after a pause and a reload where it stopped, with the same face', async () => {
  const { page, errors } = await openFilms(open);
  const pausing = pressOnce(page, 'Pause', '[data-film][data-state=reading]:not([data-done="0"])');
  await addFilms(page, [films.middle]);
  await pausing;
  await waitForFilm(page, 'paused');
  const doneAt = async () => Number(await page.locator('[data-film]').getAttribute('data-done'));
  await expect.poll(doneAt).toBeGreaterThan(0);
  // As far as it was read, sound and picture end together.
  await openFirstFilm(page);
  const { data } = await exportFrom(page, 'Film with overlay');
  const { durationMs } = await site.page.evaluate(
    (film) => window.bench.readFilm(film),
    data.toString('base64'),
  );
  expect(Math.abs((await soundEndOf(data)) - durationMs!)).toBeLessThan(SOUND_END_TOLERANCE_MS);
  await page.getByRole('button', { name: 'All films' }).click();
  await page.reload();
  await waitForFilm(page, 'paused');
  const done = await doneAt();
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(MIDDLE.frames);
  const isReading = await watchFor(page, '[data-film][data-state=reading]');
  await page.getByRole('button', { name: 'Go on' }).click();
  await isReading();
  // What was under way goes on by itself.
  await page.reload();
  await waitForFilm(page, 'done');
  await openFirstFilm(page);
  const rows = parseRows((await exportFrom(page, 'CSV A row')).data);
  expect(rows.map(({ frame }) => Number(frame))).toEqual(
    Array.from({ length: MIDDLE.frames }, (_, i) => i + 1),
  );
  expectTimes(rows.map(({ time_ms }) => Number(time_ms)));
  expect(rows.map(({ face }) => face)).toEqual(rows.map((_, i) => (i < MIDDLE.cut ? '1' : '')));
  expect(errors).toEqual([]);
});

test('the player’s frames keep step with the film’s sound, which can be turned off', async () => {
  const prepare = (page: Page) =>
    page.addInitScript(() => {
      const { play } = HTMLMediaElement.prototype;
      HTMLMediaElement.prototype.play = function () {
        Object.assign(window, { sound: this });
        return play.call(this);
      };
    });
  const { page, errors } = await openFilms(open, { prepare });
  await readFilmOnPage(page, films.middle);
  await openFirstFilm(page);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  /** Where sound and picture are, at the same moment; ms. */
  const places = () =>
    page.evaluate(() => {
      const { sound } = window as unknown as { sound: HTMLAudioElement };
      const frame = Number(document.querySelector<HTMLElement>('[data-part=film-stage]')!.dataset.frame);
      return { soundMs: sound.currentTime * 1000, frameMs: (frame * 1001) / 30, isPaused: sound.paused };
    });
  await page.waitForFunction(() => ((window as { sound?: HTMLAudioElement }).sound?.currentTime ?? 0) > 1);
  const apartMs: number[] = [];
  for (let i = 0; i < LOOKS; i++) {
    const { soundMs, frameMs, isPaused } = await places();
    expect(isPaused).toBe(false);
    apartMs.push(Math.abs(soundMs - frameMs));
    await page.waitForTimeout(200);
  }
  // A machine that stalls once is late once.
  expect(apartMs.sort((one, other) => one - other)[Math.floor(LOOKS / 2)]).toBeLessThan(SOUND_TOLERANCE_MS);
  await page.keyboard.press('m');
  await page.getByRole('button', { name: 'Sound on' }).waitFor();
  expect(await page.evaluate(() => (window as unknown as { sound: HTMLAudioElement }).sound.muted)).toBe(
    true,
  );
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  expect((await places()).isPaused).toBe(true);
  expect(errors).toEqual([]);
});

test('a film that is read beside Live changes nothing of how Live tracks', async () => {
  const { page, errors, waitForResults } = await open({ path: '?sample&backend=wasm&model=lite&debug' });
  await followsFace(page);
  await page.getByRole('tab', { name: 'Signals' }).click();
  await page.goto(`${page.url()}#/films`);
  await addFilms(page, [films.long]);
  await waitForFilm(page, 'reading');
  await page.goBack();
  const from = await page.evaluate(() => window.mien.results.length);
  await waitForResults(RESULTS_BESIDE);
  const faces = await page.evaluate(
    (first) => window.mien.results.slice(first).flatMap((result) => result.faces),
    from,
  );
  expect(faces.length).toBeGreaterThan(0);
  const told = faces.map(({ signals }) => [signals !== undefined, signals?.gaze !== undefined]);
  expect(told).toEqual(told.map(() => [true, false]));
  await page.goForward();
  expect(await page.locator('[data-film][data-state=reading]').count()).toBe(1);
  expect(errors).toEqual([]);
});

test('a recording of Live that is kept is read as a film', async () => {
  const { page, errors, waitForState, waitForResults } = await open({
    path: '?sample&backend=wasm&model=lite',
  });
  await waitForState('running');
  await page.getByRole('button', { name: 'Record', exact: true }).click();
  await waitForResults(20);
  await page.getByRole('button', { name: 'Stop recording' }).click();
  await page.locator('[data-recording]').waitFor();
  await page.locator('[data-part=recordings]').getByRole('link', { name: 'Films' }).click();
  const choice = page.getByLabel('Recording of Live');
  await choice.selectOption({ index: 1 });
  await waitForFilm(page, 'done');
  expect(await page.locator('[data-film] h2').innerText()).toMatch(/^mien-\d{4}-.*\.(webm|mp4)$/);
  await openFirstFilm(page);
  await page.locator('[data-part=film-stage][data-faces="1"]').waitFor();
  expect(errors).toEqual([]);
});
