/** Signals of a real face, out of a worker in a real browser. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { root } from './browser';
import { openEngineSite, type EngineSite } from './engine-page/site';

const PICTURES = { 'astronaut.png': join(root, 'static', 'samples', 'astronaut.png') };
/** The same still, moved across a wide picture. */
const MOVED_DEG = 2;
/** By which the same face may differ from frame to frame, as the network sees it again each time. */
const STEADY_DEG = 2;

let site: EngineSite;
beforeAll(async () => {
  site = await openEngineSite(PICTURES);
});
afterAll(() => site?.close());

it('are there in stills where they are asked for, and tell what one sees', async () => {
  const { without, signals, expression } = await site.page.evaluate(() => {
    const { withEngine, fetchPicture } = window.engineLibrary;
    return withEngine({ backend: 'wasm', thread: 'worker' }, async (engine) => {
      const picture = await fetchPicture('astronaut.png');
      const before = await engine.detect(picture);
      await engine.tune({ signals: true });
      const { faces } = await engine.detect(picture);
      const told = faces[0].signals!;
      return { without: 'signals' in before.faces[0], signals: told, expression: told.expression };
    });
  });
  expect(without).toBe(false);
  // She looks into the camera, nearly straight, and smiles with her eyes open.
  expect(Math.abs(signals.pose.yawDeg)).toBeLessThan(20);
  expect(Math.abs(signals.pose.pitchDeg)).toBeLessThan(20);
  expect(Math.abs(signals.pose.rollDeg)).toBeLessThan(20);
  expect(Object.values(signals.pose.matrix)).toHaveLength(16);
  expect(Math.min(signals.eyes.left, signals.eyes.right)).toBeGreaterThan(0.5);
  expect(Math.min(expression.mouthSmileLeft, expression.mouthSmileRight)).toBeGreaterThan(0.3);
  expect(Math.max(expression.eyeBlinkLeft, expression.eyeBlinkRight)).toBeLessThan(0.5);
  expect(signals.blinks).toEqual([]);
});

it('hold still as the same still is moved across a wide picture, and are told where they are', async () => {
  const poses = await site.page.evaluate(() => {
    const { withEngine, drawFrame } = window.engineLibrary;
    return withEngine({ backend: 'wasm', thread: 'worker', signals: true }, async (engine) => {
      const draw = (x: number) => drawFrame([{ name: 'astronaut.png', x, y: 0, sizePx: 700 }], [960, 540]);
      const [{ box }] = (await engine.detect(await draw(0))).faces;
      const found = [];
      for (let x = -180; x <= 520; x += 100) {
        const { faces } = await engine.landmarks(await draw(x), [{ ...box, x: box.x + x }]);
        found.push(faces[0].signals!.pose);
      }
      return found;
    });
  });
  expect(poses).toHaveLength(8);
  const middle = poses.reduce((best, pose) =>
    Math.abs(pose.matrix[12]) < Math.abs(best.matrix[12]) ? pose : best,
  );
  for (const { yawDeg } of poses) expect(Math.abs(yawDeg - middle.yawDeg)).toBeLessThan(MOVED_DEG);
  for (let i = 1; i < poses.length; i++)
    expect(poses[i].matrix[12]).toBeGreaterThan(poses[i - 1].matrix[12] + 5);
});

it('are carried by tracked faces, as smooth as these', async () => {
  const yaws = await site.page.evaluate(() => {
    const { withEngine, drawFrame } = window.engineLibrary;
    return withEngine({ backend: 'wasm', thread: 'worker', signals: true }, async (engine) => {
      const found = [];
      for (let i = 0; i < 20; i++) {
        const frame = await drawFrame([{ name: 'astronaut.png', x: 8 * i, y: 0, sizePx: 700 }], [960, 540]);
        const result = await engine.track(frame, i * 40);
        if (i === 10) await engine.calibrate();
        found.push(result!.faces[0].signals!.pose.yawDeg);
      }
      return found;
    });
  });
  for (let i = 1; i < yaws.length; i++) expect(Math.abs(yaws[i] - yaws[i - 1])).toBeLessThan(STEADY_DEG);
});

/** First frame in which an eye is shut, and how many it is. */
const CLOSURES = {
  left: [[20, 4], [45, 4], [92, 5]],
  right: [[20, 4], [68, 5], [92, 5]],
} as const; // prettier-ignore

it.each([
  { gaze: false, leastDepth: 0.4 },
  { gaze: true, leastDepth: 0.8 },
])(
  'count the blinks of a real face whose lids are drawn shut, each eye alone: %o',
  async ({ gaze, leastDepth }) => {
    const told = await site.page.evaluate(
      ([closures, gaze]) => {
        const { withEngine, drawFrame } = window.engineLibrary;
        return withEngine({ backend: 'wasm', thread: 'worker', signals: true, gaze }, async (engine) => {
          const still = await drawFrame([{ name: 'astronaut.png', x: 0, y: 0, sizePx: 700 }], [640, 480]);
          const [{ points }] = (await engine.detect(still)).faces;
          const eyes = { left: [42, 47], right: [36, 41] } as const;
          const context = new OffscreenCanvas(still.width, still.height).getContext('2d')!;
          /** The skin above the eye, drawn out over it. */
          function shut([first, last]: readonly [number, number]): void {
            const places = Array.from({ length: last - first + 1 }, (_, i) => first + i);
            const xs = places.map((i) => points[2 * i]);
            const ys = places.map((i) => points[2 * i + 1]);
            const [left, right] = [Math.min(...xs) - 4, Math.max(...xs) + 4];
            const [top, bottom] = [Math.min(...ys) - 2, Math.max(...ys) + 2];
            const skin = 0.5 * (bottom - top);
            context.drawImage(
              still,
              left,
              top - skin,
              right - left,
              skin,
              left,
              top - skin,
              right - left,
              bottom - top + skin,
            );
            context.strokeStyle = '#3a2a24';
            context.lineWidth = 2;
            context.beginPath();
            context.ellipse((left + right) / 2, bottom - 4, (right - left) / 2 - 4, 3, 0, 0, Math.PI);
            context.stroke();
          }
          const openings = [];
          const blinks = [];
          for (let i = 0; i < 115; i++) {
            context.drawImage(still, 0, 0);
            for (const eye of ['left', 'right'] as const)
              if (closures[eye].some(([from, count]) => i >= from && i < from + count)) shut(eyes[eye]);
            const result = await engine.track(await createImageBitmap(context.canvas), i * 40);
            const { signals } = result!.faces[0];
            openings.push([signals!.eyes.left, signals!.eyes.right]);
            blinks.push(...signals!.blinks);
          }
          return { openings, blinks };
        });
      },
      [CLOSURES, gaze] as const,
    );
    for (const eye of ['left', 'right'] as const) {
      const blinks = told.blinks.filter((blink) => blink.eye === eye);
      expect(blinks.map(({ startMs }) => Math.round(startMs / 40) + 1)).toEqual(
        CLOSURES[eye].map(([from]) => from),
      );
      expect(blinks.map(({ durationMs }) => Math.round(durationMs / 40) - 1)).toEqual(
        CLOSURES[eye].map(([, count]) => count),
      );
      expect(Math.min(...blinks.map(({ depth }) => depth))).toBeGreaterThan(leastDepth);
    }
    const [left, right] = told.openings[60];
    expect(Math.min(left, right)).toBeGreaterThan(0.9);
  },
);
