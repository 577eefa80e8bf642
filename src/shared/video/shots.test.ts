import { describe, expect, it } from 'vitest';
import { createRandom } from '../../../tests/fixtures/random';
import { changeBetween, sketchOf } from './frame-sketch';
import { createShotDetector } from './shots';
import { THUMBNAIL, type Thumbnail } from './thumbnail';

const { width, height } = THUMBNAIL;
const FRAMES_PER_SECOND = 25;

/** @param greyAt of x, y as shares of the frame, 0..255 */
function frame(greyAt: (x: number, y: number) => number): Thumbnail {
  const made = new Float32Array(width * height);
  for (let i = 0; i < made.length; i++)
    made[i] = Math.min(255, Math.max(0, greyAt((i % width) / width, Math.floor(i / width) / height)));
  return made;
}

/** Texels to each side of a world, which repeats itself. */
const WORLD = 128;

/** A large picture with detail of every size, as a room or a street has, that a camera sees a part of. */
function world(seed: number) {
  const random = createRandom(seed);
  const texels = new Float32Array(WORLD * WORLD).fill(80 + 100 * random());
  for (let wave = 0; wave < 60; wave++) {
    const [across, down] = [0, 0].map(() => Math.round(14 * (random() - 0.5)));
    const phase = 2 * Math.PI * random();
    const amplitude = 220 / (1 + Math.hypot(across, down));
    for (let i = 0; i < texels.length; i++) {
      const angle = (2 * Math.PI * (across * (i % WORLD) + down * Math.floor(i / WORLD))) / WORLD;
      texels[i] += amplitude * Math.sin(angle + phase);
    }
  }
  const last = WORLD - 1;
  const at = (column: number, row: number) => texels[(row & last) * WORLD + (column & last)];
  return ({ x: left = 0, y: top = 0, zoom = 1, light = 1 } = {}) =>
    frame((x, y) => {
      const u = WORLD * (left + (x - 0.5) / zoom);
      const v = WORLD * (top + (y - 0.5) / zoom);
      const column = Math.floor(u);
      const row = Math.floor(v);
      const upper = at(column, row) + (u - column) * (at(column + 1, row) - at(column, row));
      const lower = at(column, row + 1) + (u - column) * (at(column + 1, row + 1) - at(column, row + 1));
      return light * Math.min(255, Math.max(0, upper + (v - row) * (lower - upper)));
    });
}

/** A bright disc before a gradient. */
const scene = (centre: number, light = 1) =>
  frame((x, y) => light * (Math.hypot(x - centre, y - 0.5) < 0.2 ? 210 : 40 + 60 * x));
const otherScene = (shift: number) => frame((x, y) => (Math.sin(20 * (x + y + shift)) > 0 ? 250 : 130));

const [here, there] = [world(1), world(2)];
/** Held by hand: it sways by 1 % of the frame. */
const swaying = (i: number) => ({ x: 0.01 * Math.sin(i / 9), y: 0.006 * Math.sin(i / 6) });
const blend = (from: Thumbnail, to: Thumbnail, share: number) =>
  from.map((grey, i) => (1 - share) * grey + share * to[i]);

function cutsOf(frames: readonly Thumbnail[], canHold = true, framesPerSecond = FRAMES_PER_SECOND) {
  const detector = createShotDetector(canHold);
  const cuts = frames.flatMap((one, i) => detector.add(one, (1000 * i) / framesPerSecond));
  const all = [...cuts, ...detector.end()];
  expect(all).toHaveLength(frames.length);
  return all.flatMap((isCut, i) => (isCut ? [i] : []));
}
const range = (count: number) => Array.from({ length: count }, (_, i) => i);

describe('histograms', () => {
  it('add up to 1 and do not differ from themselves', () => {
    const sketch = sketchOf(scene(0.5));
    expect(sketch.histogram.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 4);
    expect(changeBetween(sketch, sketch)).toBe(0);
  });

  it('of black and white differ wholly', () => {
    const [black, white] = [0, 255].map((grey) => sketchOf(frame(() => grey)));
    expect(changeBetween(black, white)).toBeCloseTo(1, 4);
  });
});

describe('cuts', () => {
  it('are found at the frame that begins the other shot', () => {
    const frames = [
      ...range(20).map((i) => scene(0.3 + 0.01 * i)),
      ...range(20).map((i) => otherScene(0.002 * i)),
      ...range(20).map((i) => scene(0.7 - 0.01 * i)),
    ];
    expect(cutsOf(frames)).toEqual([20, 40]);
    expect(cutsOf(frames, false)).toEqual([20, 40]);
    expect(cutsOf(frames, true, 2)).toEqual([20, 40]);
  });

  it('are found at the end of the film', () => {
    const frames = range(22).map((i) => (i < 20 ? here(swaying(i)) : there(swaying(i))));
    expect(cutsOf(frames)).toEqual([20]);
  });

  it('are told between scenes of the same light', () => {
    const half = (isLeft: boolean) => frame((x) => (x < 0.5 === isLeft ? 220 : 30));
    expect(cutsOf([half(true), half(true), half(false), half(false)])).toEqual([2]);
  });

  it('are not invented by motion, a change of light or noise', () => {
    expect(cutsOf(range(60).map((i) => scene(0.5 + 0.3 * Math.sin(i / 5))))).toEqual([]);
    expect(cutsOf(range(60).map((i) => scene(0.5, 1 - 0.01 * i)))).toEqual([]);
    const noisy = range(60).map((i) =>
      frame((x, y) => 100 + 60 * x + 12 * Math.sin(1000 * (x + 3 * y) + 77 * i)),
    );
    expect(cutsOf(noisy)).toEqual([]);
  });

  it('are not invented by a lamp that is switched on, nor by flashes of one to three frames', () => {
    expect(cutsOf(range(60).map((i) => here({ ...swaying(i), light: i < 30 ? 0.4 : 1 })))).toEqual([]);
    for (const length of [1, 2, 3]) {
      const isFlash = (i: number) => i % 20 >= 20 - length;
      const flashes = range(70).map((i) =>
        isFlash(i) ? here(swaying(i)).map((grey) => Math.min(255, 200 + grey / 2)) : here(swaying(i)),
      );
      expect(cutsOf(flashes), `${length} frames`).toEqual([]);
    }
  });

  it('are not invented by a pan, a whip pan, a shaken camera or a zoom', () => {
    expect(cutsOf(range(100).map((i) => here({ x: 0.01 * i })))).toEqual([]);
    const whipped = range(60).map((i) => here({ x: 3 * Math.min(1, Math.max(0, (i - 25) / 8)) }));
    expect(cutsOf(whipped)).toEqual([]);
    const shaken = range(100).map((i) => here({ x: 0.12 * Math.sin(i / 2.5), y: 0.08 * Math.sin(i / 1.7) }));
    expect(cutsOf(shaken)).toEqual([]);
    expect(cutsOf(range(75).map((i) => here({ zoom: 1 + i / 25 })))).toEqual([]);
  });
});

describe('gradual transitions', () => {
  const START = 75;

  /** Begins at START and takes so many frames. */
  const dissolve = (frames: number) =>
    range(200).map((i) => {
      const share = Math.min(1, Math.max(0, (i - START) / frames));
      return blend(here(swaying(i)), there(swaying(2 * i)), share);
    });

  it.each([0.5, 1, 2])('are found once, at their end: a dissolve of %f s', (seconds) => {
    const frames = seconds * FRAMES_PER_SECOND;
    const cuts = cutsOf(dissolve(frames));
    expect(cuts).toHaveLength(1);
    expect(cuts[0]).toBeGreaterThan(START + frames / 2);
    expect(cuts[0]).toBeLessThanOrEqual(START + frames + 0.5 * FRAMES_PER_SECOND);
  });

  const fade = (between: typeof here, blankFrames: number, blank: number) =>
    range(150).map((i) => {
      const [out, into] = [START + 12, START + 12 + blankFrames];
      const light = i < out ? Math.min(1, (out - i) / 12) : Math.min(1, Math.max(0, (i - into) / 12));
      const picture = (i < out ? here : between)(swaying(i));
      return blend(
        frame(() => blank),
        picture,
        light,
      );
    });

  it('are found where the other shot comes out of black or white', () => {
    for (const [blankFrames, blank] of [
      [0, 0],
      [5, 0],
      [50, 0],
      [5, 255],
    ]) {
      const cuts = cutsOf(fade(there, blankFrames, blank));
      const into = START + 12 + blankFrames;
      expect(cuts, `${blankFrames} frames of ${blank}`).toHaveLength(1);
      expect(cuts[0]).toBeGreaterThanOrEqual(into - 1);
      expect(cuts[0]).toBeLessThanOrEqual(into + 4);
    }
  });

  it('are none where the light goes down for a moment, and are where the same scene comes back later', () => {
    expect(cutsOf(fade(here, 5, 0))).toEqual([]);
    expect(cutsOf(fade(here, 40, 0))).toHaveLength(1);
  });
});
