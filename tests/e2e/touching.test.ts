/** Two faces cheek to cheek, composed of the app's own sample picture: each is found, with its own points. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { apply } from '../../src/engine/geometry';
import { ownFaces } from '../bench/own-faces';
import type { PairSeen } from '../bench/page/pairs';
import { openSite, type Site } from '../bench/site';
import { PAIR_PICTURE, placePair, planPassing, type Pair } from '../fixtures/pairs';
import { root } from './browser';

/** Widths of both faces, px of the picture, and by how much each is rolled. */
const PAIRS = [
  { widths: [200, 180], tiltsDeg: [12, -15], gapPx: 0 },
  { widths: [120, 160], tiltsDeg: [-25, -5], gapPx: -10 },
  { widths: [80, 90], tiltsDeg: [20, -20], gapPx: 2 },
] as const;

let site: Site;
let points: Float32Array;
beforeAll(async () => {
  site = await openSite({ pictures: [join(root, 'static/samples/astronaut.png')] });
  await site.page.evaluate(() => window.bench.open({ backend: 'wasm', maxFaces: 3 }));
  const alone = await site.page.evaluate(() => window.bench.evaluatePicture('pictures/0', null));
  expect(alone.faces).toHaveLength(1);
  points = Float32Array.from(alone.faces[0].points);
});
afterAll(() => site?.close());

function composed({ widths, tiltsDeg, gapPx }: (typeof PAIRS)[number]): Pair {
  const stance = (i: 0 | 1) => ({ portrait: 0, width: widths[i], tiltDeg: tiltsDeg[i] });
  const faces = placePair([points], [stance(0), stance(1)], 20, gapPx);
  return { ...PAIR_PICTURE, backdrop: { kind: 'gradient', seed: 1, patches: [] }, faces };
}

/** Ids of the faces with the own points of each of the two; undefined for none. */
function idsOf(pair: Pair, seen: PairSeen['found']): (number | undefined)[] {
  const truths = pair.faces.map(({ placed }) => apply(placed, points));
  const own = ownFaces(
    seen.map((face) => face.points),
    truths,
    truths,
  );
  return own.map((at) => seen[at]?.id);
}

it.each(PAIRS)('of $widths px, rolled by $tiltsDeg°', async (plan) => {
  const pair = composed(plan);
  const { found, tracked } = await site.page.evaluate((asked) => window.bench.detectPair(asked), pair);
  expect(found).toHaveLength(2);
  expect(idsOf(pair, found)).not.toContain(undefined);
  const [before, last] = tracked.slice(-2);
  expect(last).toHaveLength(2);
  const ids = idsOf(pair, last);
  expect(ids).not.toContain(undefined);
  expect(new Set(ids).size).toBe(2);
  expect(idsOf(pair, before)).toEqual(ids);
});

it('that pass each other, the forehead of the one before the chin of the other, keep their ids', async () => {
  const stance = { portrait: 0, width: 150, tiltDeg: 0 };
  const frames = planPassing([points], [stance, stance], 165, 45);
  const tracked = await site.page.evaluate((pairs) => window.bench.trackPairs(pairs), frames);
  const first = idsOf(frames[0], tracked[0]);
  expect(first).not.toContain(undefined);
  expect(idsOf(frames[frames.length - 1], tracked[tracked.length - 1])).toEqual(first);
  tracked.forEach((seen, i) => {
    idsOf(frames[i], seen).forEach((id, face) =>
      expect([first[face], undefined], `frame ${i}`).toContain(id),
    );
  });
});
