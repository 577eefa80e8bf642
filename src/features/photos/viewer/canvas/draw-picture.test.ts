import { beforeEach, expect, test, vi } from 'vitest';
import { drawPicture } from './draw-picture';

beforeEach(() => void vi.stubGlobal('HTMLImageElement', function HTMLImageElement() {}));

const size = { width: 1351, height: 1013 };
const view = { width: 640, height: 480 };

/** What is asked for of a picture shown at this zoom, its corner moved by px of the screen. */
function drawn(pixels: { width: number; height: number }, zoom: number, moved: number): number[] {
  let places: number[] = [];
  const context = { drawImage: (_: unknown, ...all: number[]) => (places = all) };
  const viewport = { a: zoom, b: 0, c: 0, d: zoom, e: moved, f: moved };
  drawPicture(
    context as unknown as CanvasRenderingContext2D,
    pixels as ImageBitmap,
    ...([size, viewport, view, 1] as const),
  );
  return places;
}

test.each([size, { width: 676, height: 507 }, { width: 169, height: 127 }])(
  'no zoom asks for a pixel past the edge, and every pixel lies where it belongs: $width px',
  (pixels) => {
    for (let zoom = 0.31; zoom < 40; zoom *= 1.37)
      for (const moved of [0, 0.3, -17.77, -zoom * 500.1]) {
        const [x, y, width, height, toX, toY, toWidth, toHeight] = drawn(pixels, zoom, moved);
        expect([x, y, width, height].every(Number.isInteger)).toBe(true);
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(x + width).toBeLessThanOrEqual(pixels.width);
        expect(y + height).toBeLessThanOrEqual(pixels.height);
        const scale = (zoom * size.width) / pixels.width;
        expect(toX).toBeCloseTo(x * scale + moved, 6);
        expect(toWidth).toBeCloseTo(width * scale, 6);
        expect(toHeight / height).toBeCloseTo((zoom * size.height) / pixels.height, 6);
        expect(toY).toBeCloseTo((y * zoom * size.height) / pixels.height + moved, 6);
      }
  },
);
