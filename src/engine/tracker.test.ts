import { beforeEach, describe, expect, it } from 'vitest';
import type { Picture } from './canvas';
import type { Detection } from './detector';
import { applyToPlace, invert, scaleOf } from './geometry';
import type { Prediction } from './landmarker';
import { createStopwatch } from './stopwatch';
import { createTracker, type Sight, type Tracker, type TrackerOptions } from './tracker';
import type { Affine, Face, Points, Scheme } from './types';

const FRAME_MS = 40;
const CROP_MARGIN = 1.4;
const picture = { width: 1000, height: 600 } as Picture;

/** Points of a face 1 px wide and high around 0, 0: two eyes, brow and chin, ears. */
const SHAPE = [-0.25, -0.2, 0.25, -0.2, 0, -0.5, 0, 0.5, -0.5, 0, 0.5, 0];
const scheme = { eyes: [[0], [1]], pointCount: 6 } as unknown as Scheme;

/** A face of the made-up world. */
interface Actor {
  x: number;
  y: number;
  size: number;
  /** Nobody sees it. */
  hidden?: boolean;
}

function pointsOf({ x, y, size }: Actor): Points<'image'> {
  return Float32Array.from(SHAPE, (value, i) => value * size + (i % 2 ? y : x));
}

/** A detector and a network that see the actors without fault: a crop shows the nearest actor that fits into it. */
class World implements Sight {
  actors: Actor[] = [];
  detections = 0;
  crops = 0;
  broken = false;

  async detect(): Promise<Detection[]> {
    this.detections++;
    return this.actors
      .filter((actor) => !actor.hidden)
      .map(({ x, y, size }) => ({
        box: { x: x - size / 2, y: y - size / 2, width: size, height: size },
        eyes: [
          { x: x - size / 4, y },
          { x: x + size / 4, y },
        ],
        score: 0.9,
      }));
  }

  async landmarks(_: Picture, crops: readonly Affine<'image', 'crop'>[]): Promise<Prediction[]> {
    if (this.broken) throw new Error('network is broken');
    this.crops += crops.length;
    return crops.map((crop) => {
      const centre = applyToPlace(invert(crop), { x: 0.5, y: 0.5 });
      const side = 1 / scaleOf(crop);
      const near = this.actors
        .filter((actor) => !actor.hidden)
        .map((actor) => ({ actor, distance: Math.hypot(actor.x - centre.x, actor.y - centre.y) }))
        .sort((one, other) => one.distance - other.distance)[0];
      const seen = near && near.distance < side / 3;
      const points = seen ? pointsOf(near.actor) : pointsOf({ ...centre, size: side / 2 });
      return { points, spread: new Float32Array(6), score: seen ? 0.95 : 0.05 };
    });
  }
}

let world: World;
let tracker: Tracker;
let timeMs: number;

function start(options: Partial<TrackerOptions> = {}): void {
  world = new World();
  timeMs = 0;
  tracker = createTracker(
    world,
    { scheme, cropMargin: CROP_MARGIN, presenceThreshold: 0.5 },
    { maxFaces: 2, smoothing: 0, ...options },
  );
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

  it('that is no face on a second look is not reported', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    world.landmarks = async (_, crops) =>
      crops.map(() => ({ points: pointsOf(world.actors[0]), spread: new Float32Array(6), score: 0.4 }));
    expect(await steps(3)).toEqual([]);
  });

  it('with points that are no numbers, or outside the picture, is not reported', async () => {
    world.actors = [{ x: 300, y: 300, size: 100 }];
    for (const points of [new Float32Array(12).fill(Number.NaN), pointsOf({ x: -300, y: 300, size: 100 })]) {
      world.landmarks = async (_, crops) =>
        crops.map(() => ({ points, spread: new Float32Array(6), score: 0.9 }));
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

  it('are joined by a newcomer within about a second, and the detector rests in between', async () => {
    world.actors = [{ x: 200, y: 300, size: 100 }];
    await steps(10);
    expect(world.detections).toBe(1);
    world.actors.push({ x: 600, y: 300, size: 100 });
    const faces = await steps(1000 / FRAME_MS);
    expect(idsOf(faces)).toEqual([1, 2]);
    expect(world.detections).toBe(2);
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

it('an error in one frame leaves the tracks as they were', async () => {
  world.actors = [{ x: 300, y: 300, size: 100 }];
  await steps(3);
  world.broken = true;
  await expect(step()).rejects.toThrow('network is broken');
  world.broken = false;
  expect(idsOf(await step())).toEqual([1]);
});
