import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seenFace } from '../../../tests/fixtures/signals/mean-face';
import {
  detectionsOf,
  FRAME_MS,
  MODEL,
  NOSE,
  picture,
  pointsOf,
  predictionOf,
  World,
} from '../../../tests/fixtures/tracking-world';
import { applyToPoint, boxOfCrop, invert, scaleOf } from '../geometry';
import type { Picture } from '../landmark/crop';
import { loadExpression } from '../signals/expression';
import { createStopwatch } from '../timings';
import type { Face } from '../types';
import { createTracker, type Tracker, type TrackerOptions } from './tracker';

let world: World;
let tracker: Tracker;
let timeMs: number;

const defaults = {
  ...{ maxFaces: 2, smoothing: 0, signals: false, gaze: false },
  ...{ fieldOfViewDeg: 50, newcomerIntervalMs: 1000 },
};

function start(options: Partial<TrackerOptions> = {}): void {
  world = new World();
  timeMs = 0;
  tracker = createTracker(world, MODEL, { ...defaults, ...options });
}

/** With a network that gives one point and no presence: it answers, whatever the crop shows. */
function startNose(options: Partial<TrackerOptions> = {}): void {
  start();
  world.landmarks = async (_, crops) =>
    crops.map((crop) => {
      world.crops++;
      const { x, y } = applyToPoint(invert(crop), { x: 0.5, y: 0.5 });
      return { points: Float32Array.of(x, y), spread: null, box: boxOfCrop(crop, NOSE), presence: null };
    });
  tracker = createTracker(world, NOSE, { ...defaults, ...options });
}

/** The next frame. */
async function step(): Promise<Face[]> {
  timeMs += FRAME_MS;
  return tracker.track(picture, timeMs, createStopwatch());
}

async function steps(count: number, move: (frame: number) => void = () => {}): Promise<Face[]> {
  let faces: Face[] = [];
  for (let frame = 0; frame < count; frame++) {
    move(frame);
    faces = await step();
  }
  return faces;
}

const idsOf = (faces: Face[]) => faces.map((face) => face.id);

beforeEach(() => start());

describe('a face', () => {
  it('is found at once and followed without the detector', async () => {
    start({ maxFaces: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    const faces = await steps(100, () => (world.actors[0].x += 4));
    expect(world.detections).toBe(1);
    expect(idsOf(faces)).toEqual([1]);
    expect(faces[0].points[6]).toBeCloseTo(world.actors[0].x, 1);
    expect(faces[0].box).toEqual({ x: expect.closeTo(650, 1), y: 250, width: 100, height: 100 });
  });

  it('that goes is not reported any more, in the very frame', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors = [];
    expect(await step()).toEqual([]);
  });

  it('that moved out of its crop between two frames is found again in the very frame, as itself', async () => {
    start({ maxFaces: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors[0].x += 70;
    const faces = await step();
    expect(idsOf(faces)).toEqual([1]);
    expect(faces[0].points[6]).toBeCloseTo(370, 1);
    expect(world.detections).toBe(2);
  });

  it('that is gone is not mistaken for another far from it', async () => {
    start({ maxFaces: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors[0].x += 400;
    expect(idsOf(await step())).toEqual([2]);
  });

  it('that is hidden for a moment comes back as itself', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors[0].hidden = true;
    await steps(3);
    world.actors[0].hidden = false;
    expect(idsOf(await step())).toEqual([1]);
  });

  it('that is hidden for long comes back as another', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors[0].hidden = true;
    await steps(8);
    world.actors[0].hidden = false;
    expect(idsOf(await step())).toEqual([2]);
  });

  it('of which the network does not know the points is none, unless it is followed already', async () => {
    world.actors = [{ x: 300, y: 300, size: 100, spreadPx: 20 }];
    expect(await step()).toEqual([]);
    world.actors[0].spreadPx = 5;
    expect(await steps(3)).toHaveLength(1);
    world.actors[0].spreadPx = 20;
    expect(await step()).toHaveLength(1);
  });

  it('of which the network knew the points in its first frame alone is none', async () => {
    world.actors = [{ x: 300, y: 300, size: 100, spreadPx: 5 }];
    expect(await step()).toHaveLength(1);
    world.actors[0].spreadPx = 20;
    expect(await step()).toEqual([]);
  });

  it('that moves on while unseen is found again as itself by the detector', async () => {
    start({ maxFaces: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors[0].hidden = true;
    await step();
    world.actors[0] = { x: 340, y: 310, size: 100 };
    expect(idsOf(await step())).toEqual([1]);
  });

  it('takes the only place at once when it appears elsewhere', async () => {
    start({ maxFaces: 1 });
    world.actors = [{ x: 200, y: 300, size: 100 }];
    await steps(5);
    world.actors = [{ x: 700, y: 300, size: 100 }];
    await step();
    const faces = await step();
    expect(faces).toHaveLength(1);
    expect(faces[0].box.x).toBeCloseTo(650, 1);
    expect(idsOf(await steps(20))).toEqual(idsOf(faces));
  });

  it('is found within three frames beside two that are no faces, which the detector names first', async () => {
    start({ maxFaces: 1 });
    world.decoys = [100, 300].map((x) => ({ x, y: 100, size: 100 }));
    world.actors = [{ x: 700, y: 300, size: 100 }];
    expect(await step()).toEqual([]);
    expect(idsOf(await steps(2))).toEqual([1]);
  });

  it('is found where something that was no face stood before', async () => {
    start({ maxFaces: 1 });
    world.decoys = [100, 300].map((x) => ({ x, y: 100, size: 100 }));
    await steps(2);
    world.actors = [{ x: 300, y: 100, size: 100 }];
    expect(idsOf(await steps(2))).toEqual([1]);
  });

  it('that turns out to be no face is not reported', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    world.landmarks = async (_, crops) => crops.map(() => predictionOf(pointsOf(world.actors[0]), 0.4));
    expect(await steps(3)).toEqual([]);
  });

  it('with points that are no numbers, or outside the picture, is not reported', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    for (const points of [new Float32Array(12).fill(Number.NaN), pointsOf({ x: -300, y: 300, size: 100 })]) {
      world.landmarks = async (_, crops) => crops.map(() => predictionOf(points, 0.9));
      expect(await step()).toEqual([]);
    }
  });
});

describe('several faces', () => {
  it('go through the network as one batch', async () => {
    start({ maxFaces: 3 });
    world.actors = [100, 400, 700].map((x) => ({ x, y: 300, size: 100 }));
    let batches = 0;
    const { landmarks } = world;
    world.landmarks = (...args) => (batches++, landmarks.apply(world, args));
    expect(await steps(4)).toHaveLength(3);
    expect(batches).toBe(4);
    expect(world.crops).toBe(12);
  });

  it('are at most as many as asked for', async () => {
    world.actors = [100, 400, 700].map((x) => ({ x, y: 300, size: 100 }));
    expect(await step()).toHaveLength(2);
    tracker.tune({ maxFaces: 1 });
    expect(idsOf(await step())).toEqual([1]);
    tracker.tune({ maxFaces: 3 });
    expect(await steps(30)).toHaveLength(3);
  });

  it('stay, all of them, where others tune the engine to fewer between two frames, and back', async () => {
    world.actors = [100, 400].map((x) => ({ x, y: 300, size: 100 }));
    expect(idsOf(await step())).toEqual([1, 2]);
    tracker.tune({ maxFaces: 1 });
    tracker.tune({ maxFaces: 2 });
    expect(idsOf(await step())).toEqual([1, 2]);
  });

  it('are joined by a newcomer within about a second, and the detector rests in between', async () => {
    world.actors = [{ x: 200, y: 300, size: 100 }];
    await steps(10);
    expect(world.detections).toBe(1);
    world.actors.push({ x: 600, y: 300, size: 100 });
    const faces = await steps(1000 / FRAME_MS);
    expect(idsOf(faces)).toEqual([1, 2]);
    expect(world.detections).toBe(2);
  });

  it('are joined by a newcomer sooner where it is searched for more often', async () => {
    world.actors = [{ x: 200, y: 300, size: 100 }];
    tracker.tune({ newcomerIntervalMs: 100 });
    await steps(10);
    world.actors.push({ x: 600, y: 300, size: 100 });
    expect(idsOf(await steps(3))).toEqual([1, 2]);
  });

  it('keep their identities as they cross', async () => {
    world.actors = [
      { x: 200, y: 280, size: 100 },
      { x: 700, y: 330, size: 100 },
    ];
    const faces = await steps(60, () => {
      world.actors[0].x += 8;
      world.actors[1].x -= 8;
    });
    expect(idsOf(faces)).toEqual([1, 2]);
    expect(faces[0].box.x + 50).toBeCloseTo(680, 0);
    expect(faces[1].box.x + 50).toBeCloseTo(220, 0);
  });

  it('lose the hidden one of two as they cross, not the one in front', async () => {
    world.actors = [
      { x: 200, y: 300, size: 100 },
      { x: 700, y: 300, size: 100 },
    ];
    const [behind, front] = world.actors;
    await steps(60, (frame) => {
      behind.x += 8;
      front.x -= 8;
      behind.hidden = Math.abs(behind.x - front.x) < 60;
      if (frame === 33) expect(behind.hidden).toBe(true);
    });
    const crossing = await step();
    // The face in front, on the left now, is still number 2; the other may have a new number.
    const left = crossing.find((face) => face.box.x < 400);
    expect(left?.id).toBe(2);
    expect(crossing).toHaveLength(2);
    expect(crossing.find((face) => face.box.x > 400)?.id).not.toBe(2);
  });

  it('that turn out to be one are merged, and the older stays', async () => {
    world.actors = [
      { x: 300, y: 300, size: 100 },
      { x: 380, y: 300, size: 100 },
    ];
    expect(await step()).toHaveLength(2);
    world.actors = [{ x: 340, y: 300, size: 100 }];
    const faces = await steps(3);
    expect(idsOf(faces)).toEqual([1]);
  });
});

describe('small faces', () => {
  it('are found from closer within a round of looks, and followed without any', async () => {
    start({ maxFaces: 1 });
    world.actors = [{ x: 700, y: 300, size: 40 }];
    expect(await step()).toEqual([]);
    expect(idsOf(await step())).toEqual([1]);
    expect(idsOf(await steps(50))).toEqual([1]);
    expect(world.closerLooks).toBe(2);
    expect(world.detections).toBe(2);
  });

  it('are found in the next round after something that is no face took the only place in a look', async () => {
    start({ maxFaces: 1 });
    world.decoys = [{ x: 600, y: 100, size: 40 }];
    world.actors = [{ x: 800, y: 300, size: 40 }];
    expect(await steps(2)).toEqual([]);
    // The detector rests for five frames, then looks twice.
    expect(idsOf(await steps(7))).toEqual([1]);
  });

  it('are found beside a large one, each once', async () => {
    start({ maxFaces: 3 });
    world.actors = [
      { x: 200, y: 300, size: 100 },
      { x: 300, y: 200, size: 40 },
      { x: 800, y: 300, size: 40 },
    ];
    expect(idsOf(await steps(2))).toEqual([1, 2, 3]);
    expect(idsOf(await steps(30))).toEqual([1, 2, 3]);
    expect(world.closerLooks).toBe(2);
  });

  it('are not looked for while there is no room for one more', async () => {
    start({ maxFaces: 1 });
    world.actors = [{ x: 200, y: 300, size: 100 }];
    await steps(50);
    expect(world.closerLooks).toBe(0);
  });

  it('are looked for no more often than the rest between two rounds allows where nobody is', async () => {
    await steps(25);
    // A round takes two frames, and then rests for five.
    expect(world.closerLooks).toBeLessThanOrEqual(2 * Math.ceil((25 * FRAME_MS) / 240));
    expect(world.closerLooks).toBeGreaterThan(2);
    expect(world.detections).toBe(25);
  });
});

describe('faces that touch', () => {
  it('are both followed, also where the second comes up beside a followed one, its box over a third of it', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors.push({ x: 352, y: 300, size: 100 });
    expect(idsOf(await steps(30))).toEqual([1, 2]);
  });
});

describe('two faces taken for one', () => {
  it('are told apart by a look from closer, and the one keeps the id', async () => {
    world.actors = [
      { x: 290, y: 300, size: 50 },
      { x: 315, y: 300, size: 50 },
    ];
    const melted = { x: 302, y: 300, size: 80 };
    world.detect = async () => detectionsOf([melted], 0);
    const { landmarks } = world;
    world.landmarks = async (frame, crops) => {
      const found = await landmarks.call(world, frame, crops);
      return found.map((one, i) => {
        const isWide = 1 / scaleOf(crops[i]) > 90;
        return isWide ? predictionOf(pointsOf(melted), 0.95) : one;
      });
    };
    const faces = await step();
    expect(faces.map(({ points }) => Math.round(points[6]))).toEqual([290, 315]);
    expect(idsOf(await steps(10))).toEqual([1, 2]);
  });

  it('stay one where the network sees one', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await step();
    const parts = [
      { x: 285, y: 300, size: 60 },
      { x: 315, y: 300, size: 60 },
    ];
    world.detectCloser = async () => ({ detections: detectionsOf(parts, 0), isLast: true });
    expect(idsOf(await steps(40))).toEqual([1]);
  });
});

describe('from closer', () => {
  it.each([
    ['alone, is not taken', [], 0],
    ['far from another, is not taken', [{ x: 800, y: 300, size: 100 }], 0],
    ['beside another, is taken', [{ x: 230, y: 300, size: 75 }], 1],
  ])('a face of a low score, %s', async (_, others, count) => {
    start({ maxFaces: 3 });
    const doubtful = { x: 300, y: 300, size: 40 };
    world.actors = [...others, doubtful];
    world.detectCloser = async () => ({
      detections: detectionsOf([doubtful], 0).map((one) => ({ ...one, score: 0.6 })),
      isLast: true,
    });
    const faces = await steps(3);
    expect(faces).toHaveLength(others.length + count);
  });
});

describe('a head on its side, whose turn the detector mistakes', () => {
  it('is found by a turned crop at once, and these are tried no more than ten times a second', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    let turned = 0;
    let isSideways = true;
    const { landmarks } = world;
    world.landmarks = async (frame, crops) => {
      const found = await landmarks.call(world, frame, crops);
      return found.map((one, i) => {
        const isTurned = Math.abs(crops[i].b) > Math.abs(crops[i].a);
        if (isTurned) turned++;
        return { ...one, presence: isTurned && isSideways ? 0.99 : 0.1 };
      });
    };
    expect(idsOf(await step())).toEqual([1]);
    isSideways = false;
    turned = 0;
    await steps(25);
    expect(turned).toBeLessThanOrEqual(2 * 11);
    expect(turned).toBeGreaterThan(10);
  });
});

describe('time', () => {
  it('that steps back resets the filters but keeps the faces', async () => {
    start({ smoothing: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(20);
    world.actors[0].x += 3;
    expect((await step())[0].box.x).toBeLessThan(252.9);
    timeMs = -1000;
    const faces = await step();
    expect(idsOf(faces)).toEqual([1]);
    expect(faces[0].box.x).toBeCloseTo(253, 3);
  });

  it('after a reset starts from nothing, with new numbers', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(3);
    tracker.reset();
    expect(idsOf(await step())).toEqual([2]);
    expect(world.detections).toBe(2);
  });
});

describe('a network whose point cannot lead its own crop', () => {
  it('has the detector find every crop, and follows the face by it', async () => {
    startNose();
    world.actors = [{ x: 300, y: 300, size: 100 }];
    const faces = await steps(20, () => (world.actors[0].x += 10));
    expect(world.detections).toBe(20);
    expect(world.crops).toBe(20);
    expect(idsOf(faces)).toEqual([1]);
    expect(faces[0].points[0]).toBeCloseTo(500, 1);
    expect(faces[0]).toMatchObject({ spread: null, score: 0.9 });
    // BlazeFace's box is 3 % larger than the face's.
    expect(faces[0].box.width).toBeCloseTo(100 / 1.03, 1);
  });

  it('reports no face that the detector does not see', async () => {
    startNose();
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(5);
    world.actors[0].hidden = true;
    expect(await step()).toEqual([]);
    expect(world.crops).toBe(5);
    world.actors[0].hidden = false;
    expect(idsOf(await step())).toEqual([1]);
  });

  it('keeps two faces apart as they cross, and stays with one where only one is wanted', async () => {
    startNose();
    world.actors = [
      { x: 200, y: 240, size: 100 },
      { x: 700, y: 360, size: 100 },
    ];
    const faces = await steps(60, () => {
      world.actors[0].x += 8;
      world.actors[1].x -= 8;
    });
    expect(faces.map(({ id, points }) => [id, Math.round(points[0])])).toEqual([
      [1, 680],
      [2, 220],
    ]);
    startNose({ maxFaces: 1 });
    world.actors = [{ x: 200, y: 300, size: 100 }];
    await step();
    world.actors.unshift({ x: 700, y: 300, size: 150 });
    expect(idsOf(await steps(10))).toEqual([1]);
  });

  it('keeps their numbers as they pass close by each other, whichever the detector names first', async () => {
    for (const swaps of [false, true]) {
      startNose();
      world.actors = [
        { x: 200, y: 285, size: 100 },
        { x: 700, y: 315, size: 100 },
      ];
      const [right, left] = world.actors;
      await step();
      const faces = await steps(60, () => {
        right.x += 8;
        left.x -= 8;
        if (swaps) world.actors.reverse();
      });
      expect(faces.map(({ id, points }) => [id, Math.round(points[0])])).toEqual([
        [1, 680],
        [2, 220],
      ]);
    }
  });

  it('has its point smoothed, by the size of the face', async () => {
    startNose({ smoothing: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(20);
    world.actors[0].x += 3;
    const moved = (await step())[0].points[0];
    expect(moved).toBeGreaterThan(300);
    expect(moved).toBeLessThan(302.9);
  });
});

describe('signals', () => {
  beforeAll(loadExpression);

  it('take the look of a face for its rest once it is calibrated', async () => {
    const camera = { width: picture.width, height: picture.height, fieldOfViewDeg: 50 };
    world.actors = [{ x: 500, y: 300, size: 300 }];
    world.landmarks = async (_, crops) =>
      crops.map(() => {
        const points = seenFace({}, [0, 0, -60], camera);
        // A mouth wider than the mean face's.
        points[96] -= 15;
        points[108] += 15;
        return predictionOf(points, 0.95);
      });
    const model = { ...MODEL, scheme: { eyes: [[36, 39], [42, 45]], id: 'ibug68', pointCount: 68 } } as const; // prettier-ignore
    tracker = createTracker(world, model, { ...defaults, signals: true });
    const width = ([face]: Face[]) => face.signals!.mouth.width;
    expect(width(await step())).toBeGreaterThan(1.15);
    tracker.calibrate();
    expect(width(await step())).toBeCloseTo(1, 2);
    expect(width(await steps(60))).toBeCloseTo(1, 2);
    // What others tune it to between two frames takes nothing of that.
    tracker.tune({ signals: false });
    tracker.tune({ signals: true });
    expect(width(await step())).toBeCloseTo(1, 2);
    // Nor do frames without signals, as while another tab is open.
    tracker.tune({ signals: false });
    await steps(100);
    tracker.tune({ signals: true });
    expect(width(await step())).toBeCloseTo(1, 2);
  });
});

describe('a camera that changes its size while it runs', () => {
  it.each([
    ['another resolution', { width: 2000, height: 1200 }, { x: 600, y: 600, size: 200 }],
    ['a phone that is turned', { width: 600, height: 1000 }, { x: 100, y: 500, size: 100 }],
  ])('%s: the face keeps its number, and its points do not glide', async (_, size, moved) => {
    start({ smoothing: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(10);
    world.actors = [moved];
    const { detections } = world;
    timeMs += FRAME_MS;
    const [face] = await tracker.track(size as Picture, timeMs, createStopwatch());
    expect(face.id).toBe(1);
    expect([...face.points]).toEqual([...pointsOf(moved)]);
    expect(world.detections).toBe(detections);
  });

  it('a face that is elsewhere by then is found at once', async () => {
    start({ smoothing: 1 });
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await steps(10);
    const moved = { x: 450, y: 200, size: 100 };
    world.actors = [moved];
    timeMs += FRAME_MS;
    const [face] = await tracker.track({ width: 600, height: 1000 } as Picture, timeMs, createStopwatch());
    expect([...face.points]).toEqual([...pointsOf(moved)]);
  });
});

it('an error in one frame leaves the tracks as they were', async () => {
  world.actors = [{ x: 300, y: 300, size: 100 }];
  await steps(3);
  world.broken = true;
  await expect(step()).rejects.toThrow('network is broken');
  world.broken = false;
  expect(idsOf(await step())).toEqual([1]);
});
