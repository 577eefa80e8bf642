import { afterEach, expect, test } from 'vitest';
import { currentHost, setHost } from '../host';
import { createCanvas2d, createPainter, type Picture } from './crop';

const before = currentHost();
afterEach(() => setHost(before));

/** Source and target rectangles of every `drawImage` that names them. */
function recordDrawing() {
  const drawn: { size: readonly number[]; from: number[]; to: number[] }[] = [];
  const createCanvas2d = (width: number, height: number) => {
    const canvas = { width, height };
    const drawImage = (source: Picture, ...places: number[]) => {
      if (places.length === 8)
        drawn.push({
          size: [source.width, source.height],
          from: places.slice(0, 4),
          to: places.slice(4),
        });
    };
    return new Proxy({} as CanvasRenderingContext2D, {
      get: (_, name) => (name === 'canvas' ? canvas : name === 'drawImage' ? drawImage : () => undefined),
      set: () => true,
    });
  };
  setHost({ ...before, createCanvas2d });
  return drawn;
}

/** Without the single pixels that go on and on beyond a part. */
const partsOf = (drawn: ReturnType<typeof recordDrawing>) =>
  drawn.filter(({ from }) => from[2] > 1 && from[3] > 1);

test.each([1350, 1351, 1353, 4001])(
  'a picture of %i px, halved, is asked for no pixel past its edge',
  (px) => {
    const drawn = recordDrawing();
    const painter = createPainter(true, 'last pixels');
    const target = createCanvas2d(128, 128, true);
    const picture = { width: px, height: px } as ImageBitmap;
    painter.draw(target, { x: 0, y: 0, width: 128, height: 128 }, picture, {
      ...{ a: 1 / px, b: 0, c: 0, d: 1 / px },
      ...{ e: 0, f: 0 },
    });
    expect(drawn.length).toBeGreaterThan(1);
    for (const { size, from } of drawn) {
      expect(from[0] + from[2]).toBeLessThanOrEqual(size[0]);
      expect(from[1] + from[3]).toBeLessThanOrEqual(size[1]);
    }
    // All of the picture, and each of its pixels in its place.
    const [first] = partsOf(drawn);
    expect(first.from).toEqual([0, 0, px, px]);
    expect(first.to).toEqual([0, 0, px / 2, px / 2]);
  },
);

test('of a crop far larger than the picture, no canvas is larger than twice the picture', () => {
  const drawn = recordDrawing();
  const target = createCanvas2d(128, 128, true);
  const picture = { width: 512, height: 300 } as ImageBitmap;
  const affine = { a: 1e-13, b: 0, c: 0, d: 1e-13, e: 0.5, f: 0.5 };
  createPainter(true, 'last pixels').draw(target, { x: 0, y: 0, width: 128, height: 128 }, picture, affine);
  expect(drawn.length).toBeGreaterThan(1);
  for (const { to } of partsOf(drawn)) expect(Math.max(...to)).toBeLessThanOrEqual(2 * 512);
});
