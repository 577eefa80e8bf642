/**
 * A canvas in memory with what the engine draws crops with, and no more: black rectangles, and pictures under an affine,
 * sampled bilinearly at the centres of pixels as Chromium's canvas does with `imageSmoothingQuality` 'low'.
 */

import type { RawPicture } from './pictures';

/** x' = a·x + c·y + e, y' = b·x + d·y + f, as of canvas `setTransform`. */
type Transform = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const IDENTITY: Transform = [1, 0, 0, 1, 0, 0];
const CHANNELS = 4;

/** Pixels whose size can be set, which blackens them. */
class RasterCanvas implements RawPicture {
  data: Uint8ClampedArray = new Uint8ClampedArray(0);
  #width: number;
  #height: number;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
    this.#clear();
  }
  get width(): number {
    return this.#width;
  }
  set width(width: number) {
    this.#width = width;
    this.#clear();
  }
  get height(): number {
    return this.#height;
  }
  set height(height: number) {
    this.#height = height;
    this.#clear();
  }
  #clear(): void {
    this.data = new Uint8ClampedArray(CHANNELS * this.#width * this.#height);
  }
}

type DrawImage = (
  source: RawPicture,
  ...places: [] | [number, number] | [number, number, number, number, number, number, number, number]
) => void;

/** The part of `CanvasRenderingContext2D` that the engine uses. Only `clip` and the transform are saved and restored. */
export interface Raster {
  readonly canvas: RasterCanvas;
  save(): void;
  restore(): void;
  beginPath(): void;
  rect(x: number, y: number, width: number, height: number): void;
  clip(): void;
  fillRect(x: number, y: number, width: number, height: number): void;
  setTransform(...transform: Transform): void;
  readonly drawImage: DrawImage;
  getImageData(x: number, y: number, width: number, height: number): RawPicture;
}

export function createRaster(canvasWidth: number, canvasHeight: number): Raster {
  const canvas = new RasterCanvas(canvasWidth, canvasHeight);
  const saved: { transform: Transform; clip: Rect | null }[] = [];
  let transform = IDENTITY;
  let clip: Rect | null = null;
  let path: Rect | null = null;

  const visible = (): Rect => {
    const whole = { left: 0, top: 0, right: canvas.width, bottom: canvas.height };
    return clip ? meet(whole, clip) : whole;
  };

  return {
    canvas,
    save: () => void saved.push({ transform, clip }),
    restore() {
      ({ transform, clip } = saved.pop() ?? { transform: IDENTITY, clip: null });
    },
    beginPath: () => void (path = null),
    rect: (x, y, width, height) => void (path = rectOf(x, y, width, height)),
    clip: () => void (clip = path && (clip ? meet(clip, path) : path)),
    fillRect(x, y, width, height) {
      const { left, top, right, bottom } = meet(visible(), rectOf(x, y, width, height));
      for (let row = top; row < bottom; row++)
        canvas.data.fill(0, CHANNELS * (row * canvas.width + left), CHANNELS * (row * canvas.width + right));
    },
    setTransform: (...next) => void (transform = next),
    drawImage(source, ...places) {
      const { width, height } = source;
      const [sx, sy, sw, sh, dx, dy, dw, dh] =
        places.length === 8 ? places : [0, 0, width, height, places[0] ?? 0, places[1] ?? 0, width, height];
      // A source that reaches beyond the picture shows it alone, as canvases do.
      const shown = meet(rectOf(sx, sy, sw, sh), { left: 0, top: 0, right: width, bottom: height });
      const [scaleX, scaleY] = [dw / sw, dh / sh];
      const place: Transform = [scaleX, 0, 0, scaleY, dx - sx * scaleX, dy - sy * scaleY];
      drawUnder(canvas, visible(), source, shown, after(transform, place));
    },
    getImageData(x, y, width, height) {
      if (x === 0 && y === 0 && width === canvas.width && height === canvas.height) return canvas;
      const part = new RasterCanvas(width, height);
      for (let row = 0; row < height; row++) {
        const from = CHANNELS * ((y + row) * canvas.width + x);
        part.data.set(canvas.data.subarray(from, from + CHANNELS * width), CHANNELS * row * width);
      }
      return part;
    },
  };
}

const rectOf = (x: number, y: number, width: number, height: number): Rect => ({
  left: x,
  top: y,
  right: x + width,
  bottom: y + height,
});

const meet = (one: Rect, other: Rect): Rect => ({
  left: Math.max(one.left, other.left),
  top: Math.max(one.top, other.top),
  right: Math.min(one.right, other.right),
  bottom: Math.min(one.bottom, other.bottom),
});

/** `first`, then `then`. */
function after(then: Transform, first: Transform): Transform {
  const [a, b, c, d, e, f] = then;
  const [p, q, r, s, t, u] = first;
  return [a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f];
}

/** Draws the part `shown` of `source` into the part `into` of `target`; `place` brings source px to target px. */
function drawUnder(target: RawPicture, into: Rect, source: RawPicture, shown: Rect, place: Transform): void {
  if (shown.right <= shown.left || shown.bottom <= shown.top) return;
  const { left, top, right, bottom } = meet(into, boundsOf(shown, place));
  const [a, b, c, d, e, f] = inverse(place);
  for (let row = top; row < bottom; row++) {
    // Each place by itself: steps added up would drift along a row of thousands of pixels.
    const [startX, startY] = [c * (row + 0.5) + e, d * (row + 0.5) + f];
    for (let column = left; column < right; column++) {
      const x = a * (column + 0.5) + startX;
      const y = b * (column + 0.5) + startY;
      if (x < shown.left || x >= shown.right || y < shown.top || y >= shown.bottom) continue;
      sample(source, shown, x, y, target.data, CHANNELS * (row * target.width + column));
    }
  }
}

/** The whole px that the corners of `rect` span under `place`. */
function boundsOf({ left, top, right, bottom }: Rect, [a, b, c, d, e, f]: Transform): Rect {
  const xs = [a * left + c * top, a * right + c * top, a * left + c * bottom, a * right + c * bottom];
  const ys = [b * left + d * top, b * right + d * top, b * left + d * bottom, b * right + d * bottom];
  return {
    left: Math.floor(Math.min(...xs) + e),
    top: Math.floor(Math.min(...ys) + f),
    right: Math.ceil(Math.max(...xs) + e),
    bottom: Math.ceil(Math.max(...ys) + f),
  };
}

function inverse([a, b, c, d, e, f]: Transform): Transform {
  const determinant = a * d - b * c;
  const [p, q, r, s] = [d / determinant, -b / determinant, -c / determinant, a / determinant];
  return [p, q, r, s, -p * e - r * f, -q * e - s * f];
}

/**
 * The bilinear value at a place of `source`, from the pixels in `shown` alone, into `target` at `to`. Written out, since it
 * runs a hundred million times for a large picture.
 */
function sample(
  { data, width }: RawPicture,
  shown: Rect,
  x: number,
  y: number,
  target: Uint8Array | Uint8ClampedArray,
  to: number,
): void {
  const column = Math.floor(x - 0.5);
  const row = Math.floor(y - 0.5);
  const shareX = x - 0.5 - column;
  const shareY = y - 0.5 - row;
  const before = Math.max(column, Math.floor(shown.left));
  const behind = Math.min(column + 1, Math.ceil(shown.right) - 1);
  const above = width * Math.max(row, Math.floor(shown.top));
  const below = width * Math.min(row + 1, Math.ceil(shown.bottom) - 1);
  const upperLeft = CHANNELS * (above + before);
  const upperRight = CHANNELS * (above + behind);
  const lowerLeft = CHANNELS * (below + before);
  const lowerRight = CHANNELS * (below + behind);
  for (let channel = 0; channel < 3; channel++) {
    const upper = data[upperLeft + channel] * (1 - shareX) + data[upperRight + channel] * shareX;
    const lower = data[lowerLeft + channel] * (1 - shareX) + data[lowerRight + channel] * shareX;
    target[to + channel] = upper * (1 - shareY) + lower * shareY;
  }
}
