import { describe, expect, it } from 'vitest';
import { applyToPoint } from '../geometry';
import { closeTilesOf, levelsOf, spansOf, tilesOf, wholeTile } from './tiles';

const PX = 1e-6;

describe('levels', () => {
  it('are the whole alone for a picture in which the narrowest face is wide enough there', () => {
    expect(levelsOf({ width: 200, height: 150 })).toEqual([128]);
  });

  it('zoom in by no more than four each time, until a face of 32 px has 20 px', () => {
    for (const longerPx of [320, 640, 1600, 3000]) {
      const levels = levelsOf({ width: longerPx, height: longerPx / 2 });
      expect(levels[0]).toBe(128);
      expect(levels.at(-1)).toBeCloseTo((longerPx * 20) / 32, 6);
      levels.slice(1).forEach((level, i) => expect(level / levels[i]).toBeLessThanOrEqual(4 + PX));
    }
  });

  it('stop at 2000 px, whatever the size of the picture', () => {
    expect(levelsOf({ width: 3200, height: 9000 }).at(-1)).toBeCloseTo(2000, 6);
  });
});

describe('spans', () => {
  it('are one for a short side, centred and in steps of 64 px, and no less than the network was made for', () => {
    expect(spansOf(300)).toEqual([{ from: -10, length: 320 }]);
    expect(spansOf(60)).toEqual([{ from: -34, length: 128 }]);
  });

  it.each([513, 900, 1500, 2000])('cover %d px from end to end and share 96 px', (lengthPx) => {
    const spans = spansOf(lengthPx);
    expect(spans[0].from).toBe(0);
    expect(spans.at(-1)!.from + 512).toBeCloseTo(lengthPx, 6);
    spans.slice(1).forEach(({ from }, i) => expect(from - spans[i].from).toBeLessThanOrEqual(512 - 96 + PX));
  });
});

describe('tiles', () => {
  const picture = { width: 900, height: 400 };

  it('show the whole at the first level, padded to a square', () => {
    const [tile, ...rest] = tilesOf(picture, 128, 0);
    expect(rest).toEqual([]);
    expect(tile).toMatchObject({ width: 128, height: 128 });
    expect(applyToPoint(tile.affine, { x: 0, y: 200 })).toEqual({ x: 0, y: 0.5 });
    expect(applyToPoint(tile.affine, { x: 900, y: 200 }).x).toBeCloseTo(1, 9);
  });

  it.each([0, 1, 2, 3] as const)('with %d quarter turns show every place, upright', (turns) => {
    const tiles = tilesOf(picture, 600, turns);
    for (const place of [
      { x: 1, y: 1 },
      { x: 450, y: 200 },
      { x: 899, y: 399 },
    ]) {
      const seen = tiles.some(({ affine }) => {
        const { x, y } = applyToPoint(affine, place);
        return x >= 0 && y >= 0 && x <= 1 && y <= 1;
      });
      expect(seen).toBe(true);
    }
    // The top of a face leaning clockwise by a quarter points right; in the tile it points up.
    const { affine } = tiles[0];
    const up = [
      { x: 0, y: -1 },
      { x: 1, y: 0 },
      { x: 0, y: 1 },
      { x: -1, y: 0 },
    ][turns];
    const [from, to] = [applyToPoint(affine, { x: 0, y: 0 }), applyToPoint(affine, up)];
    expect(to.x - from.x).toBeCloseTo(0, 9);
    expect(to.y - from.y).toBeLessThan(0);
  });
});

describe('the tiles of live frames', () => {
  const TRAINED = { width: 128, height: 128 };

  it('are the whole, padded to a square, and from closer six for 4:3 and 16:9, more for upright phones', () => {
    expect(wholeTile({ width: 640, height: 480 })).toMatchObject(TRAINED);
    for (const [width, height, count] of [
      [640, 480, 6],
      [1280, 720, 6],
      [480, 640, 12],
      [1088, 1920, 18],
    ]) {
      const tiles = closeTilesOf({ width, height });
      expect(tiles).toHaveLength(count);
      for (const tile of tiles) expect(tile).toMatchObject(TRAINED);
    }
  });

  it.each([
    [1280, 720],
    [1088, 1920],
  ])('from closer show every face of a seventh of the width of %d × %d whole somewhere', (width, height) => {
    const picture = { width, height };
    const tiles = closeTilesOf(picture);
    const facePx = width / 7;
    for (let x = 0; x + facePx <= width; x += 40) {
      for (let y = 0; y + facePx <= height; y += 40) {
        const isWhole = tiles.some(({ affine }) =>
          [0, facePx].every((more) => {
            const at = applyToPoint(affine, { x: x + more, y: y + more });
            return at.x >= -PX && at.y >= -PX && at.x <= 1 + PX && at.y <= 1 + PX;
          }),
        );
        expect(isWhole, `${x}, ${y}`).toBe(true);
      }
    }
    const [{ affine }] = tiles;
    const widthPx =
      128 * (applyToPoint(affine, { x: 0.06 * width, y: 0 }).x - applyToPoint(affine, { x: 0, y: 0 }).x);
    expect(widthPx).toBeCloseTo(16.8, 6);
  });
});
