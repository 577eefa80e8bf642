/** Films that are not whole, or none: each says by name what is wrong with it, and the others are read. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openSite, type Site } from '../bench/site';
import { filmTimes, makeFaceFilm } from '../fixtures/films';
import { useApp, readyMs } from './app';
import { exportFrom, openFilms, openFirstFilm, readFilmOnPage } from './films-page';

const FRAMES = 20;

let site: Site;
let film: Buffer;
beforeAll(async () => {
  film = await readFile(await makeFaceFilm(FRAMES, 15));
  site = await openSite();
});
afterAll(() => site.close());
const open = useApp();

/** As of a recording that was not ended: what its frames are stands nowhere. */
function withoutIndex(whole: Buffer): Buffer {
  const cut = Buffer.from(whole);
  cut.write('free', whole.indexOf('moov'), 'latin1');
  return cut;
}

/** Says that its pictures are of a codec that no browser has. */
function ofCodec(whole: Buffer, code: string): Buffer {
  const other = Buffer.from(whole);
  const at = ['avc1', 'vp09']
    .map((known) => other.indexOf(known, other.indexOf('stsd')))
    .filter((i) => i >= 0);
  other.write(code, Math.min(...at), 'latin1');
  return other;
}

/** A part in the middle of its pictures is overwritten. */
function damaged(whole: Buffer): Buffer {
  const hurt = Buffer.from(whole);
  const from = whole.indexOf('mdat') + 4;
  const length = whole.length - from;
  return hurt.fill(0xa5, from + Math.floor(0.4 * length), from + Math.floor(0.6 * length));
}

/** Ends where its first pictures begin. */
const withoutFrames = (webm: Buffer) => webm.subarray(0, webm.indexOf(Buffer.from('1f43b675', 'hex')));

/** A second of silence. */
function sound(): Buffer {
  const [rate, header] = [8000, Buffer.alloc(44)];
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + rate, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, rate],
    [40, rate],
  ])
    header.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 1],
    [34, 8],
  ])
    header.writeUInt16LE(value, at);
  header.write('data', 36, 'latin1');
  return Buffer.concat([header, Buffer.alloc(rate, 128)]);
}

test(
  'each says what is wrong with it, and a whole one after them is read',
  { timeout: 300_000 },
  async () => {
    const makeWebm = async (frames: number) => {
      const plan = { container: 'webm', width: 192, height: 108, times: filmTimes(frames) } as const;
      return Buffer.from(await site.page.evaluate((asked) => window.bench.makeFilm(asked), plan), 'base64');
    };
    const webm = await makeWebm(5);
    const clusters = await makeWebm(150);
    const films: Record<string, readonly [Buffer, string]> = {
      'nothing.mp4': [Buffer.alloc(0), 'nothing.mp4: is empty'],
      'other.mp4': [
        ofCodec(film, 'apcn'),
        'other.mp4: its pictures are coded as ProRes, which this browser cannot decode',
      ],
      'ended.mp4': [withoutIndex(film), 'ended.mp4: the list of what it holds is missing'],
      'begun.webm': [withoutFrames(webm), 'begun.webm: none of its frames can be read'],
      'short.webm': [clusters.subarray(0, clusters.length - 400), 'The end of the file is missing'],
      'song.mp4': [sound(), 'song.mp4: holds no video'],
      'hurt.mp4': [damaged(film), 'hurt.mp4: cannot be decoded after'],
      'whole.mp4': [film, `${FRAMES} frames`],
    };
    const { page, errors } = await openFilms(open);
    await page
      .locator('[data-part=pick-films]')
      .setInputFiles(
        Object.entries(films).map(([name, [buffer]]) => ({ name, mimeType: 'video/mp4', buffer })),
      );
    const items = page.locator('[data-film]');
    await expect.poll(() => items.count()).toBe(Object.keys(films).length);
    await page
      .locator('[data-film][data-state=done]', { hasText: 'whole.mp4' })
      .waitFor({ timeout: readyMs });
    for (const [name, [, said]] of Object.entries(films))
      expect(await page.locator('[data-film]', { hasText: name }).first().innerText(), name).toContain(said);
    expect(errors).toEqual([]);
  },
);

/** 15 frames: a face in the first 5, nothing but transparency in the others. */
const seeThrough = fileURLToPath(new URL('../fixtures/see-through.webm', import.meta.url));

test('one with transparency shows no frame beneath another', async () => {
  const { page, errors } = await openFilms(open);
  await readFilmOnPage(page, seeThrough);
  await openFirstFilm(page);
  const { data } = await exportFrom(page, 'JSON');
  const [, ...frames] = data
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { faces: unknown[] });
  const counts = frames.map(({ faces }) => faces.length);
  expect(counts.slice(0, 5)).toEqual([1, 1, 1, 1, 1]);
  expect(counts.slice(-5)).toEqual([0, 0, 0, 0, 0]);
  expect(errors).toEqual([]);
});
