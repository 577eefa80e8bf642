import { describe, expect, test } from 'vitest';
import { applyToPoint, invert } from '../../../../engine/geometry';
import { fit, isFit, panBy, resized, reveal, showBox, visibleBox, zoomAt } from './viewport';

const picture = { width: 4000, height: 3000 };
const view = { width: 800, height: 500 };
/** CSS px, or px of the picture: rounding of a few affines in a row. */
const tolerancePx = 1e-6;

describe('viewport', () => {
  test('zooms about the pointer: the pixel under it stays there', () => {
    const at = { x: 430, y: 260 };
    const before = fit(picture, view);
    const pixel = applyToPoint(invert(before), at);
    const after = zoomAt(before, at, 5, picture, view);
    expect(after.a / before.a).toBeCloseTo(5);
    const seen = applyToPoint(after, pixel);
    expect(Math.hypot(seen.x - at.x, seen.y - at.y)).toBeLessThan(tolerancePx);
  });

  test('never smaller than the whole picture, never more than 40 px for one pixel', () => {
    const whole = fit(picture, view);
    expect(zoomAt(whole, { x: 10, y: 10 }, 0.01, picture, view)).toEqual(whole);
    expect(zoomAt(whole, { x: 10, y: 10 }, 1e9, picture, view).a).toBe(40);
  });

  test('a picture smaller than a view may fill it', () => {
    const tiny = { width: 8, height: 8 };
    const whole = fit(tiny, view);
    expect(whole.a).toBeGreaterThan(40);
    expect(isFit(zoomAt(whole, { x: 0, y: 0 }, 3, tiny, view), tiny, view)).toBe(true);
  });

  test('panning leaves some of the picture under the middle of the view', () => {
    const near = zoomAt(fit(picture, view), { x: 400, y: 250 }, 4, picture, view);
    const far = panBy(near, 1e6, -1e6, picture, view);
    const middle = applyToPoint(invert(far), { x: 400, y: 250 });
    expect(middle.x).toBeCloseTo(0);
    expect(middle.y).toBeCloseTo(picture.height);
  });

  test('a picture shown whole cannot be panned away', () => {
    const whole = fit(picture, view);
    expect(panBy(whole, 300, 300, picture, view)).toEqual(whole);
  });

  test('brings a box into the middle with air around it', () => {
    const shown = showBox({ x: 1000, y: 800, width: 200, height: 200 }, picture, view);
    const centre = applyToPoint(shown, { x: 1100, y: 900 });
    expect(centre.x).toBeCloseTo(400);
    expect(centre.y).toBeCloseTo(250);
    expect(200 * shown.a).toBeLessThan(0.7 * view.height);
    expect(200 * shown.a).toBeGreaterThan(0.5 * view.height);
  });

  test('a view that changes its size keeps its middle, or the whole picture', () => {
    const after = { width: 360, height: 640 };
    expect(resized(fit(picture, view), picture, view, after)).toEqual(fit(picture, after));
    const near = showBox({ x: 1000, y: 800, width: 200, height: 200 }, picture, view);
    const moved = resized(near, picture, view, after);
    expect(applyToPoint(moved, { x: 1100, y: 900 }).x).toBeCloseTo(180);
    expect(moved.a).toBe(near.a);
  });

  test('reveals a place by panning no further than needed', () => {
    const near = showBox({ x: 1000, y: 800, width: 200, height: 200 }, picture, view);
    expect(reveal(near, { x: 1100, y: 900 }, 40, picture, view)).toBe(near);
    const moved = reveal(near, { x: 2000, y: 900 }, 40, picture, view);
    expect(applyToPoint(moved, { x: 2000, y: 900 }).x).toBeCloseTo(760);
    expect(moved.f).toBe(near.f);
  });

  test('the visible part is clipped to the picture', () => {
    expect(visibleBox(fit(picture, view), picture, view)).toEqual({ x: 0, y: 0, ...picture });
  });
});
