import { describe, expect, it } from 'vitest';
import { applyToPlace } from './geometry';
import { levelsOf, panesOf, spansOf } from './panes';

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

describe('panes', () => {
  const picture = { width: 900, height: 400 };

  it('show the whole at the first level, padded to a square', () => {
    const [pane, ...rest] = panesOf(picture, 128, 0);
    expect(rest).toEqual([]);
    expect(pane).toMatchObject({ width: 128, height: 128 });
    expect(applyToPlace(pane.affine, { x: 0, y: 200 })).toEqual({ x: 0, y: 0.5 });
    expect(applyToPlace(pane.affine, { x: 900, y: 200 }).x).toBeCloseTo(1, 9);
  });

  it.each([0, 1, 2, 3] as const)('with %d quarter turns show every place, upright', (turns) => {
    const panes = panesOf(picture, 600, turns);
    for (const place of [
      { x: 1, y: 1 },
      { x: 450, y: 200 },
      { x: 899, y: 399 },
    ]) {
      const seen = panes.some(({ affine }) => {
        const { x, y } = applyToPlace(affine, place);
        return x >= 0 && y >= 0 && x <= 1 && y <= 1;
      });
      expect(seen).toBe(true);
    }
    // The top of a face leaning clockwise by a quarter points right; in the pane it points up.
    const { affine } = panes[0];
    const up = [
      { x: 0, y: -1 },
      { x: 1, y: 0 },
      { x: 0, y: 1 },
      { x: -1, y: 0 },
    ][turns];
    const [from, to] = [applyToPlace(affine, { x: 0, y: 0 }), applyToPlace(affine, up)];
    expect(to.x - from.x).toBeCloseTo(0, 9);
    expect(to.y - from.y).toBeLessThan(0);
  });
});
