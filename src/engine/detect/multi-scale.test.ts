import { describe, expect, it } from 'vitest';
import type { Picture } from '../landmark/crop';
import type { Detection } from './detector';
import type { Tile } from './tiles';
import { apply, applyToPoint, boxOf, centreOf, cropAffine, invert, renamed } from '../geometry';
import type { Prediction } from '../landmark/prediction';
import { detectFaces, withoutDoubles, type PictureNetworks } from './multi-scale';
import { createPause } from '../pauses';
import type { Affine, DetectOptions, Manifest, Points } from '../types';

const PICTURE = { width: 1000, height: 800 } as Picture;
const MODEL = {
  cropMargin: 1.5,
  input: { width: 112, height: 112 },
  presenceThreshold: 0.5,
  scheme: { eyes: [[0], [1]], mirror: [1, 0, 2] },
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

/** They find the faces that stand upright in the tile and are 16 to 128 px large there. */
function networksOf(faces: readonly TrueFace[]) {
  const tiles: Tile[] = [];
  const passes: number[] = [];
  const networks: PictureNetworks = {
    async detectTile(tile) {
      tiles.push(tile);
      return faces.flatMap(({ points }): Detection[] => {
        const [leftX, leftY, rightX, rightY] = points;
        const eyes = [
          { x: leftX, y: leftY },
          { x: rightX, y: rightY },
        ] as const;
        const [left, right] = eyes.map((eye) => applyToPoint(tile.affine, eye));
        const isUpright = right.x > left.x && Math.abs(right.y - left.y) < 0.01;
        const sizePx = (right.x - left.x) * tile.width;
        const isInside = [left, right].every(({ x, y }) => x >= 0 && y >= 0 && x <= 1 && y <= 1);
        const isSeen = isUpright && isInside && sizePx >= 16 && sizePx <= 128;
        return isSeen ? [{ box: boxOf(points), eyes, score: SCORE }] : [];
      });
    },
    async predict(crops) {
      passes.push(crops.length);
      return crops.map((crop) => nearest(faces, crop));
    },
  };
  return { networks, tiles, passes };
}

const isMirrored = ({ a, b, c, d }: Affine<'image', 'crop'>): boolean => a * d < b * c;

function nearest(faces: readonly TrueFace[], crop: Affine<'image', 'crop'>): Prediction {
  const distance = ({ points }: TrueFace): number => {
    const { x, y } = applyToPoint(crop, centreOf(boxOf(points)));
    return Math.hypot(x - 0.5, y - 0.5);
  };
  const [{ points, presence }] = [...faces].sort((one, other) => distance(one) - distance(other));
  const seen = isMirrored(crop) ? renamed(points, MODEL.scheme.mirror) : points;
  return { points: seen, spread: null, box: boxOf(points), presence };
}

const detect = (networks: PictureNetworks, options: DetectOptions = {}) =>
  detectFaces(networks, MODEL, PICTURE, options);

describe('multi-scale detection', () => {
  it('finds large and small faces, the largest first, each once, with three passes', async () => {
    const { networks, passes } = networksOf([
      faceAt(100, 90, 40),
      faceAt(500, 400, 300),
      faceAt(900, 700, 36),
    ]);
    const found = await detect(networks);
    expect(found.map(({ prediction }) => Math.round(prediction.box.width))).toEqual([300, 40, 36]);
    expect(passes).toEqual([3, 3, 3]);
  });

  it('that need not be thorough takes one pass of the detector', async () => {
    const { networks, tiles, passes } = networksOf([faceAt(100, 90, 40), faceAt(500, 400, 300)]);
    expect(await detect(networks, { thorough: false })).toHaveLength(1);
    expect(tiles).toHaveLength(1);
    expect(passes).toEqual([1, 1]);
  });

  it.each([
    ['averages what it finds with what it finds in the mirror', 12, 6],
    ['keeps what it found where the mirror shows another face', 60, 0],
  ])('%s', async (_, offPx, shiftPx) => {
    const face = faceAt(300, 300, 200);
    const { networks } = networksOf([face]);
    const moved = face.points.map((value, i) => (i % 2 === 0 ? value + offPx : value));
    const spread = Float32Array.of(1, 2, 3);
    const biased: PictureNetworks = {
      ...networks,
      predict: async (crops) =>
        (await networks.predict(crops)).map((one, i) =>
          isMirrored(crops[i])
            ? { ...one, points: renamed(moved, MODEL.scheme.mirror), spread: Float32Array.of(4, 3, 5) }
            : { ...one, spread },
        ),
    };
    const [{ prediction }] = await detect(biased);
    expect([...prediction.points]).toEqual(
      [...face.points].map((value, i) => (i % 2 === 0 ? value + shiftPx : value)),
    );
    expect(prediction.box).toEqual(boxOf(prediction.points));
    expect([...prediction.spread!]).toEqual(shiftPx > 0 ? [2, 3, 4] : [...spread]);
  });

  it('adds to the average what a model taught of one face adds to the points', async () => {
    const face = faceAt(300, 300, 200);
    const { networks } = networksOf([face]);
    const moved = (points: Points<'image'>, byPx: number): Points<'image'> =>
      points.map((value, i) => (i % 2 === 0 ? value + byPx : value));
    const [inMirrorPx, taughtPx] = [12, 5];
    const taught: PictureNetworks = {
      ...networks,
      predict: async (crops) =>
        (await networks.predict(crops)).map((one, i) => {
          const points: Points<'image'> = isMirrored(crops[i])
            ? renamed(moved(face.points, inMirrorPx), MODEL.scheme.mirror)
            : one.points;
          return {
            ...one,
            points,
            taught: { kind: 'my-face', points: moved(points, taughtPx), spread: one.spread },
          };
        }),
    };
    const [{ prediction }] = await detect(taught);
    expect([...prediction.taught!.points]).toEqual([...moved(face.points, inMirrorPx / 2 + taughtPx)]);
  });

  it('returns as many as were asked for', async () => {
    const { networks } = networksOf([faceAt(100, 90, 40), faceAt(500, 400, 300)]);
    const found = await detect(networks, { maxFaces: 1 });
    expect(found.map(({ prediction }) => Math.round(prediction.box.width))).toEqual([300]);
  });

  it.each([1, 2, 3])('finds faces turned by %d quarters', async (turns) => {
    const { networks } = networksOf([faceAt(300, 300, 200, turns), faceAt(800, 600, 40, turns)]);
    expect(await detect(networks)).toHaveLength(2);
  });

  it('leaves turned faces alone where there are upright ones', async () => {
    const { networks } = networksOf([faceAt(300, 300, 200), faceAt(800, 600, 200, 1)]);
    expect(await detect(networks)).toHaveLength(1);
  });

  it('drops what the network does not take for a face, and turns the picture when nothing is left', async () => {
    const { networks, tiles } = networksOf([faceAt(300, 300, 200, 0, 0.9)]);
    expect(await detect(networks)).toEqual([]);
    expect(tiles).toHaveLength(4 * 4); // in each of four turns one, one and two at its three levels
  });

  it('drops a face whose points the network does not know', async () => {
    const { networks } = networksOf([faceAt(300, 300, 200)]);
    const knowing = (spreadPx: number): PictureNetworks => ({
      ...networks,
      predict: async (crops) =>
        (await networks.predict(crops)).map((one) => ({
          ...one,
          spread: new Float32Array(3).fill(spreadPx),
        })),
    });
    expect(await detect(knowing(10))).toHaveLength(1);
    expect(await detect(knowing(30))).toEqual([]);
  });

  it.each([
    ['a small one within a surer face is a part of it', faceAt(420, 320, 120, 0, 0.96), 1],
    ['a small one beside it is another face', faceAt(280, 320, 120, 0, 0.96), 2],
    ['one more than half as large is another face', faceAt(420, 320, 210, 0, 0.96), 2],
    ['a small one that is surer is another face', faceAt(420, 320, 120, 0, 1), 2],
  ])('%s', async (_, small, count) => {
    const { networks } = networksOf([faceAt(500, 400, 400), small]);
    expect(await detect(networks, { maxFaces: 5 })).toHaveLength(count);
  });

  it('asks a model for heads in every pose for its own presence, as live frames do, and the older ones for more', async () => {
    const { networks } = networksOf([faceAt(300, 300, 200, 0, 0.8), faceAt(800, 600, 100, 0, 0.4)]);
    expect(await detect(networks)).toEqual([]);
    const model = { ...MODEL, uprightWeights: [-1, -1, 2] };
    const found = await detectFaces(networks, model, PICTURE, {});
    expect(found.map(({ prediction }) => prediction.presence)).toEqual([0.8]);
  });

  it('takes the detector’s word for it where the model tells no presence', async () => {
    const { networks } = networksOf([faceAt(300, 300, 200)]);
    const model = { ...MODEL, output: { ...MODEL.output, values: 'points' as const } };
    const silent: PictureNetworks = {
      ...networks,
      predict: async (crops) =>
        (await networks.predict(crops)).map((prediction) => ({ ...prediction, presence: null })),
    };
    const [face] = await detectFaces(silent, model, PICTURE, {});
    expect(face.score).toBe(SCORE);
  });

  it.each([
    [0.99, 1],
    [0.94, 0],
  ])(
    'of a head on its side, which the detector takes for upright, turned crops decide: presence %f',
    async (presence, count) => {
      const { networks } = networksOf([faceAt(300, 300, 200, 0, presence)]);
      const { points } = faceAt(300, 300, 200, 1);
      const sideways: PictureNetworks = {
        ...networks,
        predict: async (crops) =>
          (await networks.predict(crops)).map((one, i) => {
            const isTurned = Math.abs(crops[i].b) > Math.abs(crops[i].a);
            // The first crop tells nothing of the turn, so that the second is upright too.
            return isTurned ? { ...one, points } : { ...one, presence: 0.1 };
          }),
      };
      const found = await detect(sideways, { thorough: false });
      expect(found).toHaveLength(count);
      if (count > 0) expect(Math.abs(found[0].rollRad)).toBeCloseTo(Math.PI / 2, 6);
    },
  );

  it('is as sure of a face as the detector and the network together', async () => {
    const { networks } = networksOf([
      faceAt(300, 300, 200),
      faceAt(800, 300, 200, 0, 0.96),
      faceAt(300, 700, 150),
    ]);
    const half: PictureNetworks = {
      ...networks,
      detectTile: async (...args) =>
        (await networks.detectTile(...args)).map((one) =>
          one.box.width < 200 ? { ...one, score: 0.352 } : one,
        ),
    };
    // The last has 0.352 · 0.99 and is left out.
    expect((await detect(half)).map(({ score }) => score)).toEqual([SCORE * 0.99, SCORE * 0.96]);
  });

  it('takes turned faces for no more than chance where the detector is not sure of one', async () => {
    const { networks, tiles } = networksOf([faceAt(300, 300, 200, 2), faceAt(700, 500, 100)]);
    const unsure: PictureNetworks = {
      ...networks,
      detectTile: async (...args) =>
        (await networks.detectTile(...args)).map((one) => ({ ...one, score: 0.7 })),
    };
    const found = await detect(unsure);
    expect(found.map(({ prediction }) => Math.round(prediction.box.width))).toEqual([100]);
    expect(tiles).toHaveLength(4 * 4);
  });

  it('turns the picture when the faces are rolled by more than 45°', async () => {
    const { networks } = networksOf([faceAt(300, 300, 200, 1), faceAt(800, 600, 40, 1)]);
    const rolled = faceAt(300, 300, 200, 0.9);
    const alert: PictureNetworks = {
      ...networks,
      async detectTile(...args) {
        const found = await networks.detectTile(...args);
        const { points } = rolled;
        const eyes = [
          { x: points[0], y: points[1] },
          { x: points[2], y: points[3] },
        ] as const;
        return found.length > 0 ? found : [{ box: boxOf(points), eyes, score: SCORE }];
      },
    };
    expect(await detect(alert)).toHaveLength(2);
  });

  it.each([
    ['points that are not finite', new Float32Array(6).fill(Number.NaN)],
    ['a box without size', new Float32Array(6).fill(300)],
  ])('leaves out a face with %s, and keeps the others', async (_, points) => {
    const { networks } = networksOf([faceAt(300, 300, 200), faceAt(700, 500, 150)]);
    const broken: PictureNetworks = {
      ...networks,
      predict: async (crops) =>
        (await networks.predict(crops)).map((one) =>
          one.box.width > 180 ? { ...one, points, box: boxOf(points) } : one,
        ),
    };
    const found = await detect(broken, { thorough: false });
    expect(found.map(({ prediction }) => Math.round(prediction.box.width))).toEqual([150]);
  });

  it('ends when its signal is aborted', async () => {
    const calling = new AbortController();
    const { networks, tiles } = networksOf([faceAt(300, 300, 200)]);
    const pause = createPause(calling.signal, () => {});
    const interrupted: PictureNetworks = {
      ...networks,
      async detectTile(...args) {
        await pause();
        calling.abort();
        return networks.detectTile(...args);
      },
    };
    await expect(detect(interrupted)).rejects.toMatchObject({ name: 'AbortError' });
    expect(tiles).toHaveLength(1);
  });
});

it('of two on one face the one with the higher score stays', () => {
  const box = (x: number, score: number) => ({ box: { x, y: 0, width: 10, height: 10 }, score });
  const found = [box(0, 0.6), box(2, 0.9), box(30, 0.5)];
  expect(withoutDoubles(found, (one) => one.box)).toEqual([found[1], found[2]]);
});
