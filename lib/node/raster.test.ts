import { afterEach, expect, it } from 'vitest';
import { currentHost, setHost } from '../../src/engine/host';
import { createCanvas2d, createPainter } from '../../src/engine/landmark/crop';
import { graysOf } from '../../src/engine/landmark/input';
import { croppedPicture, goldenPicture, offBy, readGoldenCrops } from '../../tests/fixtures/golden-crops';
import { nodeHost } from './host';
import { openPicture } from './pictures';
import { createRaster } from './raster';

const before = currentHost();
afterEach(() => setHost(before));

/** A picture of grey levels, row by row. */
function pictureOf(rows: readonly (readonly number[])[]) {
  const data = Uint8Array.from(rows.flat().flatMap((grey) => [grey, grey, grey, 255]));
  return { width: rows[0].length, height: rows.length, data };
}

function greysOf({ canvas }: ReturnType<typeof createRaster>): number[][] {
  return Array.from({ length: canvas.height }, (_, y) =>
    Array.from({ length: canvas.width }, (_, x) => canvas.data[4 * (y * canvas.width + x)]),
  );
}

it('draws a picture as it is, black beside it', () => {
  const raster = createRaster(3, 2);
  raster.drawImage(pictureOf([[10, 20]]), 0, 0);
  expect(greysOf(raster)).toEqual([
    [10, 20, 0],
    [0, 0, 0],
  ]);
});

it('halves by the mean of four', () => {
  const raster = createRaster(2, 1);
  const picture = pictureOf([
    [0, 20, 100, 100],
    [40, 60, 200, 200],
  ]);
  raster.drawImage(picture, 0, 0, 4, 2, 0, 0, 2, 1);
  expect(greysOf(raster)).toEqual([[30, 150]]);
});

it('draws within its clip, under its transform, until they are restored', () => {
  const raster = createRaster(4, 1);
  raster.save();
  raster.beginPath();
  raster.rect(1, 0, 2, 1);
  raster.clip();
  // Twice as wide: places between pixels are mixed by a quarter.
  raster.setTransform(2, 0, 0, 1, 0, 0);
  raster.drawImage(pictureOf([[0, 100]]), 0, 0);
  expect(greysOf(raster)).toEqual([[0, 25, 75, 0]]);
  raster.fillRect(0, 0, 9, 9);
  expect(greysOf(raster)).toEqual([[0, 0, 0, 0]]);
  raster.restore();
  raster.drawImage(pictureOf([[7, 8, 9, 10]]), 0, 0);
  expect(greysOf(raster)).toEqual([[7, 8, 9, 10]]);
});

it('turns: what was to the right is below', () => {
  const raster = createRaster(1, 2);
  raster.setTransform(0, 1, -1, 0, 1, 0);
  raster.drawImage(pictureOf([[5, 9]]), 0, 0);
  expect(greysOf(raster)).toEqual([[5], [9]]);
});

it('is black anew where its size is set', () => {
  const raster = createRaster(1, 1);
  raster.drawImage(pictureOf([[5]]), 0, 0);
  raster.canvas.height = 2;
  expect(greysOf(raster)).toEqual([[0], [0]]);
});

/** Two bilinear samplers on 8 bits: grey levels. */
const MEAN_OFF = 0.7;
const MOST_OFF = 12;

it('draws crops as training does, beyond the edge of the picture too', async () => {
  setHost(nodeHost);
  const golden = await readGoldenCrops();
  const { crops, size } = golden;
  const picture = (await openPicture(croppedPicture)) as unknown as ImageBitmap;
  const target = createCanvas2d(size, size * crops.length, true);
  const painter = createPainter(true, 'last pixels');
  crops.forEach((crop, i) =>
    painter.draw(target, { x: 0, y: i * size, width: size, height: size }, picture, crop),
  );
  const { data } = target.getImageData(0, 0, size, size * crops.length);
  const ours = [...graysOf(data)];
  const theirs = [...(await openPicture(goldenPicture)).data].filter((_, i) => i % 4 === 0);
  for (const { name, mean, most } of offBy(ours, theirs, golden)) {
    expect(mean, name).toBeLessThan(MEAN_OFF);
    expect(most, name).toBeLessThan(MOST_OFF);
  }
});
