/** Tracking held to a motion that is known: the project's own clip, through the engine as it ships. */
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClipFrame, TwoFacesFrame } from '../bench/page/clip';
import { openSite, type Site } from '../bench/site';
import { NEWCOMER_INTERVAL_MS } from '../../src/features/films/tracking/frame-tracker';
import { makeFaceFilm } from '../fixtures/films';
import { CLIP, frameTimeMs, LEAVES_MS } from '../fixtures/motion';

/** How far the points may be from the still's own points carried along, % of the inter-ocular distance. */
const FOLLOWS_PCT = 3;
/** On at least so many of the frames. */
const FOLLOWS_SHARE = 0.95;
/** A track ends so soon after its face has gone. */
const DROPPED_MS = 300;
/** A face that comes back is followed again so soon after it is wholly in the frame. */
const FOUND_AGAIN_MS = 1500;
/** And so soon in a film, whose frames are searched more often. */
const FOUND_IN_FILM_MS = 300;
/** The film that the tests of Films read: its frames, and the cut after which it shows no face. */
const FILM = { frames: 120, cut: 100 } as const;
/** Where reading begins, and for how many frames: the looks from closer for more faces then fall on other ones. */
const BEGINNINGS = { from: 30, to: 48, frames: 14 } as const;
/** SwiftShader takes seconds for a few frames: enough of them to see the motion begin. */
const SOFTWARE_GL_FRAMES = 12;

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(() => site?.close());

const open = (options: { backend: 'wasm'; maxFaces?: number; newcomerIntervalMs?: number }) =>
  site.page.evaluate((asked) => window.bench.open(asked), options);
const withFace = (frames: readonly ClipFrame[]) => frames.slice(0, CLIP.faceFrames);
const follows = ({ errorPct }: ClipFrame) => errorPct !== null && errorPct <= FOLLOWS_PCT;

describe('one face that pans, zooms and rolls, on wasm', () => {
  let frames: ClipFrame[];
  beforeAll(async () => {
    expect(await open({ backend: 'wasm' })).toMatchObject({ backend: 'wasm', thread: 'worker' });
    frames = await site.page.evaluate(
      (count) => window.bench.trackClip(count),
      CLIP.faceFrames + CLIP.emptyFrames,
    );
  });

  it(`is followed within ${FOLLOWS_PCT} % on ${100 * FOLLOWS_SHARE} % of the frames`, () => {
    const share = withFace(frames).filter(follows).length / CLIP.faceFrames;
    expect(share).toBeGreaterThanOrEqual(FOLLOWS_SHARE);
  });

  it('is never lost and stays the same face', () => {
    const [first] = frames[0].ids;
    expect(first).toBeTypeOf('number');
    for (const { timeMs, ids } of withFace(frames)) expect(ids, `at ${timeMs} ms`).toEqual([first]);
  });

  it(`is dropped within ${DROPPED_MS} ms of a cut to an empty frame`, () => {
    const gone = frames
      .slice(CLIP.faceFrames)
      .filter(({ timeMs }) => timeMs - frameTimeMs(CLIP.faceFrames) >= DROPPED_MS);
    expect(gone.length).toBeGreaterThan(10);
    for (const { timeMs, ids } of gone) expect(ids, `at ${timeMs} ms`).toEqual([]);
  });
});

it('a face in a film is one wherever the reading begins, though more are searched for', async () => {
  const { from, to, frames: count } = BEGINNINGS;
  const film = (await readFile(await makeFaceFilm(FILM.frames, FILM.cut))).toString('base64');
  const beginnings = Array.from({ length: to - from }, (_, i) => from + i);
  await open({ backend: 'wasm', maxFaces: 2, newcomerIntervalMs: NEWCOMER_INTERVAL_MS });
  const counts = await site.page.evaluate(
    ([base64, asked, many]) => window.bench.countFacesFrom(base64, asked, many),
    [film, beginnings, count] as const,
  );
  counts.forEach((seen, i) => expect(seen, `from frame ${from + i} on`).toEqual(seen.map(() => 1)));
});

describe('two faces of which one leaves and comes back, on wasm', () => {
  let frames: TwoFacesFrame[];
  const between = (fromMs: number, toMs: number) =>
    frames.filter(({ timeMs }) => timeMs >= fromMs && timeMs <= toMs);
  beforeAll(async () => {
    expect(await open({ backend: 'wasm', maxFaces: 2 })).toMatchObject({ backend: 'wasm' });
    frames = await site.page.evaluate(() => window.bench.trackTwo());
  });

  it('are both followed from the start, each under its own id', () => {
    const [{ staying, leaving }] = frames;
    expect(staying).not.toBeNull();
    expect(leaving).not.toBeNull();
    expect(staying).not.toBe(leaving);
    for (const frame of between(0, LEAVES_MS.out[0]))
      expect(frame).toMatchObject({ staying, leaving, faces: 2 });
  });

  it('the one that stays keeps its id throughout', () => {
    const [{ staying }] = frames;
    for (const frame of frames) expect(frame.staying, `at ${frame.timeMs} ms`).toBe(staying);
  });

  it(`the other is dropped within ${DROPPED_MS} ms of having left`, () => {
    const away = between(LEAVES_MS.out[1] + DROPPED_MS, LEAVES_MS.back[0]);
    expect(away.length).toBeGreaterThan(10);
    for (const frame of away) expect(frame.faces, `at ${frame.timeMs} ms`).toBe(1);
  });

  it(`and is followed again within ${FOUND_AGAIN_MS} ms of being back`, () => {
    const back = between(LEAVES_MS.back[1] + FOUND_AGAIN_MS, LEAVES_MS.end);
    expect(back.length).toBeGreaterThan(10);
    for (const { timeMs, staying, leaving, faces } of back) {
      expect(faces, `at ${timeMs} ms`).toBe(2);
      expect(leaving, `at ${timeMs} ms`).not.toBeNull();
      expect(leaving).not.toBe(staying);
    }
  });
});

it(`as often as films are searched, a face is followed again within ${FOUND_IN_FILM_MS} ms of being back`, async () => {
  await open({ backend: 'wasm', maxFaces: 2, newcomerIntervalMs: NEWCOMER_INTERVAL_MS });
  const frames = await site.page.evaluate(() => window.bench.trackTwo());
  const back = frames.filter(({ timeMs }) => timeMs >= LEAVES_MS.back[1] + FOUND_IN_FILM_MS);
  expect(back.length).toBeGreaterThan(10);
  for (const { timeMs, leaving } of back) expect(leaving, `at ${timeMs} ms`).not.toBeNull();
});

it('two faces that pass each other keep their ids, on wasm', async () => {
  await open({ backend: 'wasm', maxFaces: 2 });
  const frames = await site.page.evaluate(() => window.bench.trackPassing());
  const [[first, second]] = frames;
  expect(first).toBeTypeOf('number');
  expect(second).toBeTypeOf('number');
  expect(first).not.toBe(second);
  frames.forEach((ids, i) => expect(ids, `at ${frameTimeMs(i)} ms`).toEqual([first, second]));
});

it('the first frames are followed on WebGL too', async () => {
  const withGl = await openSite({ gl: 'software' });
  try {
    const info = await withGl.page.evaluate(() => window.bench.open({ backend: 'webgl' }));
    expect(info).toMatchObject({ backend: 'webgl' });
    const frames = await withGl.page.evaluate((count) => window.bench.trackClip(count), SOFTWARE_GL_FRAMES);
    expect(frames).toHaveLength(SOFTWARE_GL_FRAMES);
    for (const frame of frames)
      expect(frame.errorPct, `at ${frame.timeMs} ms`).toBeLessThanOrEqual(FOLLOWS_PCT);
  } finally {
    await withGl.close();
  }
});
