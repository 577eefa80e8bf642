/** Films of 300 numbered frames at several rates: every frame is read once, at its own time, also from the middle on. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSite, type Site } from '../bench/site';

const FRAMES = 300;
/** Between the time a frame was written for and the one it is read at, ms: containers count in ticks of their own. */
const TIME_TOLERANCE_MS = { mp4: 0.02, webm: 0.51 } as const;

/** S: as frames of a phone come, between 1/60 s and 1/8 s apart. */
function variableTimes(): number[] {
  const times = [0];
  for (let i = 0; i < FRAMES; i++)
    times.push(times[i] + [1 / 60, 1 / 30, 1 / 24, 1 / 8][(7 * i * i + 3 * i) % 4]);
  return times;
}
const regular = (framesPerSecond: number) =>
  Array.from({ length: FRAMES + 1 }, (_, i) => i / framesPerSecond);
const rates = {
  '24': regular(24),
  '25': regular(25),
  '29.97': regular(30_000 / 1001),
  variable: variableTimes(),
};

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site.close());

/** As in a browser that can encode films but has no decoder for scripts. */
async function withoutDecoder(run: () => Promise<void>): Promise<void> {
  await site.page.evaluate(() => Object.assign(window, { VideoDecoder: undefined }));
  try {
    await run();
  } finally {
    await site.page.reload();
    await site.page.waitForFunction(() => 'bench' in window);
  }
}

const numbersFrom = (first: number) => Array.from({ length: FRAMES - first }, (_, i) => first + i);

describe.each(['mp4', 'webm'] as const)('%s', (container) => {
  test.each(Object.entries(rates))('at a rate of %s', async (_, times) => {
    const plan = { container, width: 192, height: 108, times };
    const film = await site.page.evaluate((asked) => window.bench.makeFilm(asked), plan);
    const { method, frames } = await site.page.evaluate((file) => window.bench.readFilm(file), film);
    expect(method).toBe('decoder');
    expect(frames.map(({ number }) => number)).toEqual(numbersFrom(0));
    const off = frames.map(({ timeMs }, i) => Math.abs(timeMs - times[i] * 1000));
    expect(Math.max(...off)).toBeLessThan(TIME_TOLERANCE_MS[container]);

    const later = await site.page.evaluate(([file, fromMs]) => window.bench.readFilm(file, fromMs), [
      film,
      frames[137].timeMs,
    ] as const);
    expect(later.frames.map(({ number }) => number)).toEqual(numbersFrom(137));

    const wanted = [0, 1, 24, 137, 138, 299, 60];
    const shown = await site.page.evaluate(([file, timesMs]) => window.bench.readFramesAt(file, timesMs), [
      film,
      wanted.map((frame) => frames[frame].timeMs),
    ] as const);
    expect(shown).toEqual(wanted);
  });
});

test('a browser without WebCodecs reads the same frames at the same times by seeking', async () => {
  const times = rates['29.97'].slice(0, 31);
  const plan = { container: 'mp4', width: 192, height: 108, times } as const;
  const film = await site.page.evaluate((asked) => window.bench.makeFilm(asked), plan);
  await withoutDecoder(async () => {
    const { method, frames } = await site.page.evaluate((file) => window.bench.readFilm(file), film);
    expect(method).toBe('seeking');
    expect(frames.map(({ number }) => number)).toEqual(numbersFrom(0).slice(0, 30));
    const off = frames.map(({ timeMs }, i) => Math.abs(timeMs - times[i] * 1000));
    expect(Math.max(...off)).toBeLessThan(TIME_TOLERANCE_MS.mp4);
  });
});

describe('a film that was trimmed holds frames before its start, which are none of its own', () => {
  // As a trim without encoding leaves them: from the key frame before it on. Its start lies within a frame.
  const times = regular(25).slice(0, 31).map((time) => time - 0.492); // prettier-ignore
  const plan = { container: 'mp4', width: 192, height: 108, times } as const;
  const first = times.findIndex((time) => time >= 0);
  const numbers = numbersFrom(first).slice(0, 30 - first);

  const check = async () => {
    const film = await site.page.evaluate((asked) => window.bench.makeFilm(asked), plan);
    const read = await site.page.evaluate((file) => window.bench.readFilm(file), film);
    expect(read.frames.map(({ number }) => number)).toEqual(numbers);
    expect(read.announced).toBe(numbers.length);
    const off = read.frames.map(({ timeMs }, i) => Math.abs(timeMs - times[first + i] * 1000));
    expect(Math.max(...off)).toBeLessThan(TIME_TOLERANCE_MS.mp4);
    const shown = await site.page.evaluate(([file, timesMs]) => window.bench.readFramesAt(file, timesMs), [
      film,
      [read.frames[0].timeMs, read.frames[5].timeMs],
    ] as const);
    expect(shown).toEqual([first, first + 5]);
    return read.method;
  };

  test('read by the decoder', async () => {
    expect(await check()).toBe('decoder');
  });

  test('read by seeking', async () => {
    await withoutDecoder(async () => expect(await check()).toBe('seeking'));
  });
});

test('a recording gets a length and keeps its frames', async () => {
  const recorded = await site.page.evaluate(() => window.bench.recordFilm(1500));
  const { before, after, film } = await site.page.evaluate(
    (file) => window.bench.remuxFilm(file, 'video/webm;codecs=vp9'),
    recorded,
  );
  expect(before).toBeNull();
  expect(after).toBeGreaterThan(0.8);
  const timesOf = async (file: string) =>
    (await site.page.evaluate((one) => window.bench.readFilm(one), file)).frames.map(({ timeMs }) =>
      Math.round(timeMs),
    );
  const times = await timesOf(recorded);
  expect(times.length).toBeGreaterThan(5);
  expect(await timesOf(film)).toEqual(times);
});
