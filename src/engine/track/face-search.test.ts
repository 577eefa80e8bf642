import { beforeEach, describe, expect, it } from 'vitest';
import { FRAME_MS, MODEL, NOSE, picture, pointsOf, World } from '../../../tests/fixtures/tracking-world';
import { boxOf } from '../geometry';
import { createStopwatch } from '../timings';
import type { Observation, Track } from './association';
import { createFaceSearch, type FaceSearch, type Followed } from './face-search';
import { createOneEuro, oneEuroSettings } from './one-euro';

let world: World;
let search: FaceSearch;
let timeMs: number;

const nobody: Followed = { tracks: [], unseen: [], hasLostOne: false, maxFaces: 2, newcomerIntervalMs: 1000 };
/** A track of a face of the world, by default where it stands. */
function trackOf(at = world.actors[0]): Track {
  const points = pointsOf(at);
  const filter = createOneEuro(oneEuroSettings(0));
  return { id: 1, filter, signals: null, points, box: boxOf(points), velocity: { x: 0, y: 0 }, seenMs: timeMs, sightings: 9 }; // prettier-ignore
}
const find = (followed: Followed): Promise<Observation[]> =>
  search.find({ picture, timeMs: (timeMs += FRAME_MS), watch: createStopwatch() }, followed);
async function findTimes(count: number, followed: Followed): Promise<void> {
  for (let i = 0; i < count; i++) await find(followed);
}

beforeEach(() => {
  world = new World();
  world.actors = [{ x: 300, y: 300, size: 100 }];
  search = createFaceSearch(world, MODEL);
  timeMs = 0;
});

describe('the detector', () => {
  it('rests while all faces are followed and there is room for no more', async () => {
    const track = trackOf();
    expect(await find({ ...nobody, tracks: [track], maxFaces: 1 })).toMatchObject([{ track }]);
    await findTimes(50, { ...nobody, tracks: [track], maxFaces: 1 });
    expect(world.detections).toBe(0);
  });

  it('searches for newcomers once a second while there is room', async () => {
    await findTimes(51, { ...nobody, tracks: [trackOf()] });
    expect(world.detections).toBe(3);
  });

  it.each([
    [100, 3],
    [0, 1],
  ])('searches every %i ms where it is asked to', async (newcomerIntervalMs, everyFrames) => {
    const followed = { ...nobody, tracks: [trackOf()], newcomerIntervalMs };
    await find(followed);
    for (let round = 1; round <= 3; round++) {
      await findTimes(everyFrames - 1, followed);
      expect(world.detections).toBe(round);
      await find(followed);
      expect(world.detections).toBe(round + 1);
    }
  });

  it('searches at once for who is unseen, was given up, or has left the crop', async () => {
    const track = trackOf();
    const followed = { ...nobody, tracks: [track], maxFaces: 1 };
    await find({ ...followed, unseen: [track] });
    await find({ ...followed, hasLostOne: true });
    expect(world.detections).toBe(2);
    const elsewhere = trackOf({ x: 240, y: 300, size: 100 });
    expect(await find({ ...followed, tracks: [elsewhere] })).toMatchObject([{ track: elsewhere }]);
    expect(world.detections).toBe(3);
  });

  it('finds every crop of a model whose points cannot lead', async () => {
    search = createFaceSearch(world, NOSE);
    await findTimes(10, { ...nobody, tracks: [trackOf()], maxFaces: 1 });
    expect(world.detections).toBe(10);
  });
});

describe('looks from closer', () => {
  const small = { x: 700, y: 300, size: 40 };

  it('show half of the frame each, and rest once they have shown the whole', async () => {
    world.actors = [small];
    expect(await find(nobody)).toEqual([]);
    expect(await find(nobody)).toMatchObject([{ track: null }]);
    await findTimes(4, nobody);
    expect(world.closerLooks).toBe(2);
    await find(nobody);
    expect(world.closerLooks).toBe(3);
  });

  it('go on while the detector rests', async () => {
    world.actors.push(small);
    await find(nobody);
    const followed = { ...nobody, tracks: [trackOf()] };
    expect(await find(followed)).toHaveLength(2);
    expect([world.detections, world.closerLooks]).toEqual([1, 2]);
  });

  it('search for newcomers once a second, however often the whole is looked at', async () => {
    const followed = { ...nobody, tracks: [trackOf({ x: 300, y: 300, size: 100 })], newcomerIntervalMs: 0 };
    world.actors = [{ x: 300, y: 300, size: 100 }];
    await findTimes(1000 / FRAME_MS, followed);
    expect([world.detections, world.closerLooks]).toEqual([1000 / FRAME_MS, 2]);
    await findTimes(2, followed);
    expect(world.closerLooks).toBe(4);
  });

  it('begin anew where everything lies elsewhere, and do not rest where time starts anew', async () => {
    await find(nobody);
    search.forgetPlaces();
    await findTimes(2, nobody);
    expect(world.closerLooks).toBe(3);
    await find(nobody);
    expect(world.closerLooks).toBe(3);
    search.restart();
    await find(nobody);
    expect(world.closerLooks).toBe(4);
  });
});
