import { describe, expect, it } from 'vitest';
import type { Picture } from './canvas';
import type { Detection, Pane } from './detector';
import { apply, applyToPlace, boxOf, centreOf, cropAffine, invert } from './geometry';
import type { Prediction } from './landmarker';
import { seekFaces, withoutDoubles, type SeekingSight } from './seek';
import { createStopwatch } from './stopwatch';
import type { Affine, DetectOptions, Manifest, Points } from './types';

const PICTURE = { width: 1000, height: 800 } as Picture;
const MODEL = {
  cropMargin: 1.5,
  input: { width: 112, height: 112 },
  presenceThreshold: 0.5,
  scheme: { eyes: [[0], [1]] },
  output: { values: 'points-spread-presence' },
} as unknown as Manifest;

/** A face as it lies in the picture: two eyes and a chin. */
interface TrueFace {
  readonly points: Points<'image'>;
  readonly presence: number;
}

/** The detector's score for any face. */
const SCORE = 0.9;

/** A face `sizePx` large around the place, its top turned clockwise by so many quarters. */
function faceAt(x: number, y: number, sizePx: number, turns = 0, presence = 0.99): TrueFace {
  const upright: Points<'crop'> = Float32Array.of(0, 0, 1, 0, 0.5, 1);
  const placed = invert(cropAffine({ x, y }, sizePx, sizePx, (turns * Math.PI) / 2));
  return { points: apply(placed, upright), presence };
}

/** Sees the faces that stand upright in the pane and are 16 to 128 px large there. */
function sightOf(faces: readonly TrueFace[]) {
  const panes: Pane[] = [];
  const passes: number[] = [];
  const sight: SeekingSight = {
    async look(_, pane) {
      panes.push(pane);
      return faces.flatMap(({ points }): Detection[] => {
        const [leftX, leftY, rightX, rightY] = points;
        const eyes = [
          { x: leftX, y: leftY },
          { x: rightX, y: rightY },
        ] as const;
        const [left, right] = eyes.map((eye) => applyToPlace(pane.affine, eye));
        const isUpright = right.x > left.x && Math.abs(right.y - left.y) < 0.01;
        const sizePx = (right.x - left.x) * pane.width;
        const isInside = [left, right].every(({ x, y }) => x >= 0 && y >= 0 && x <= 1 && y <= 1);
        const isSeen = isUpright && isInside && sizePx >= 16 && sizePx <= 128;
        return isSeen ? [{ box: boxOf(points), eyes, score: SCORE }] : [];
      });
    },
    async landmarks(_, crops) {
      passes.push(crops.length);
      return crops.map((crop) => nearest(faces, crop));
    },
  };
  return { sight, panes, passes };
}

function nearest(faces: readonly TrueFace[], crop: Affine<'image', 'crop'>): Prediction {
  const distance = ({ points }: TrueFace): number => {
    const { x, y } = applyToPlace(crop, centreOf(boxOf(points)));
    return Math.hypot(x - 0.5, y - 0.5);
  };
  const [{ points, presence }] = [...faces].sort((one, other) => distance(one) - distance(other));
  return { points, spread: null, box: boxOf(points), presence };
}

const seek = (sight: SeekingSight, options: DetectOptions = {}) =>
  seekFaces(sight, MODEL, PICTURE, options, createStopwatch());

describe('a search', () => {
  it('finds large and small faces, the largest first, each once, with two passes', async () => {
    const { sight, passes } = sightOf([faceAt(100, 90, 40), faceAt(500, 400, 300), faceAt(900, 700, 36)]);
    const found = await seek(sight);
    expect(found.map(({ prediction }) => Math.round(prediction.box.width))).toEqual([300, 40, 36]);
    expect(passes).toEqual([3, 3]);
  });

  it('that need not be thorough looks once', async () => {
    const { sight, panes } = sightOf([faceAt(100, 90, 40), faceAt(500, 400, 300)]);
    expect(await seek(sight, { thorough: false })).toHaveLength(1);
    expect(panes).toHaveLength(1);
  });

  it('returns as many as were asked for', async () => {
    const { sight } = sightOf([faceAt(100, 90, 40), faceAt(500, 400, 300)]);
    const found = await seek(sight, { maxFaces: 1 });
    expect(found.map(({ prediction }) => Math.round(prediction.box.width))).toEqual([300]);
  });

  it.each([1, 2, 3])('finds faces turned by %d quarters', async (turns) => {
    const { sight } = sightOf([faceAt(300, 300, 200, turns), faceAt(800, 600, 40, turns)]);
    expect(await seek(sight)).toHaveLength(2);
  });

  it('leaves turned faces alone where there are upright ones', async () => {
    const { sight } = sightOf([faceAt(300, 300, 200), faceAt(800, 600, 200, 1)]);
    expect(await seek(sight)).toHaveLength(1);
  });

  it('drops what the network does not take for a face, and turns the picture when nothing is left', async () => {
    const { sight, panes } = sightOf([faceAt(300, 300, 200, 0, 0.9)]);
    expect(await seek(sight)).toEqual([]);
    expect(panes).toHaveLength(4 * 4); // in each of four turns one, one and two at its three levels
  });

  it('is as sure of a face as the detector and the network together', async () => {
    const { sight } = sightOf([faceAt(300, 300, 200), faceAt(800, 300, 200, 0, 0.96), faceAt(300, 700, 150)]);
    const half: SeekingSight = {
      ...sight,
      look: async (...args) =>
        (await sight.look(...args)).map((one) => (one.box.width < 200 ? { ...one, score: 0.352 } : one)),
    };
    // The last has 0.352 · 0.99 and is left out.
    expect((await seek(half)).map(({ score }) => score)).toEqual([SCORE * 0.99, SCORE * 0.96]);
  });

  it('takes turned faces for no more than chance where the detector is not sure of one', async () => {
    const { sight, panes } = sightOf([faceAt(300, 300, 200, 2), faceAt(700, 500, 100)]);
    const unsure: SeekingSight = {
      ...sight,
      look: async (...args) => (await sight.look(...args)).map((one) => ({ ...one, score: 0.7 })),
    };
    const found = await seek(unsure);
    expect(found.map(({ prediction }) => Math.round(prediction.box.width))).toEqual([100]);
    expect(panes).toHaveLength(4 * 4);
  });

  it('turns the picture when the faces lean by more than 45°', async () => {
    const { sight } = sightOf([faceAt(300, 300, 200, 1), faceAt(800, 600, 40, 1)]);
    const leaning = faceAt(300, 300, 200, 0.9);
    const alert: SeekingSight = {
      ...sight,
      async look(...args) {
        const found = await sight.look(...args);
        const { points } = leaning;
        const eyes = [
          { x: points[0], y: points[1] },
          { x: points[2], y: points[3] },
        ] as const;
        return found.length > 0 ? found : [{ box: boxOf(points), eyes, score: SCORE }];
      },
    };
    expect(await seek(alert)).toHaveLength(2);
  });

  it('ends when its signal is aborted', async () => {
    const calling = new AbortController();
    const { sight, panes } = sightOf([faceAt(300, 300, 200)]);
    const looking: SeekingSight = {
      ...sight,
      look(...args) {
        calling.abort();
        return sight.look(...args);
      },
    };
    await expect(seek(looking, { signal: calling.signal })).rejects.toMatchObject({ name: 'AbortError' });
    expect(panes).toHaveLength(1);
  });
});

it('of two on one face the one with the higher score stays', () => {
  const box = (x: number, score: number) => ({ box: { x, y: 0, width: 10, height: 10 }, score });
  const found = [box(0, 0.6), box(2, 0.9), box(30, 0.5)];
  expect(withoutDoubles(found, (one) => one.box)).toEqual([found[1], found[2]]);
});
