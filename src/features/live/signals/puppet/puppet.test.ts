import { describe, expect, test } from 'vitest';
import { makeGaze, makeSignals } from '../../../../../tests/fixtures/signals';
import { lookOf, resting } from './look';
import type { PuppetPart } from './shape';
import { puppetShapes } from './shapes';
import { outlineOf, type Spot } from './solid';

type Doing = Parameters<typeof makeSignals>[0];

/** Half head widths; what moves less is taken for still. */
const SEEN = 0.03;

const shapes = (doing: Doing) => puppetShapes(lookOf(makeSignals(doing)));
const spots = (doing: Doing, part: PuppetPart) => shapes(doing).filter((shape) => shape.part === part);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const x = (all: readonly Spot[]) => mean(all.map((spot) => spot.x));
const y = (all: readonly Spot[]) => mean(all.map((spot) => spot.y));
const height = (all: readonly Spot[]) =>
  Math.max(...all.map((spot) => spot.y)) - Math.min(...all.map((spot) => spot.y));
/** The eyes, its own left one first: on the right of the picture. */
const eyes = (doing: Doing) => spots(doing, 'eye').sort((one, other) => x(other.spots) - x(one.spots));

describe('the puppet', () => {
  test('without signals is a face at rest: two eyes, two brows, a shut mouth, even', () => {
    const parts = puppetShapes(resting).map(({ part }) => part);
    expect(parts.filter((part) => part === 'eye')).toHaveLength(2);
    expect(parts.filter((part) => part === 'brow')).toHaveLength(2);
    expect(parts).not.toContain('teeth');
    expect(x(puppetShapes(resting).find(({ part }) => part === 'face')!.spots)).toBeCloseTo(0, 6);
  });

  test('turns with the head, and hides what turns away', () => {
    expect(x(spots({ yawDeg: 30 }, 'nose')[0].spots)).toBeGreaterThan(0.3);
    expect(x(spots({ yawDeg: -30 }, 'nose')[0].spots)).toBeLessThan(-0.3);
    expect(spots({ yawDeg: 75 }, 'eye')).toHaveLength(1);
  });

  test('shuts each eye alone', () => {
    const [left, right] = eyes({ eyes: { left: 0, right: 1 } });
    expect(height(left.spots)).toBeLessThan(0.06);
    expect(height(right.spots)).toBeGreaterThan(0.2);
  });

  test('looks where the eyes look, of a turned head too', () => {
    const irises = (doing: Doing) => spots(doing, 'iris');
    const aside = (doing: Doing) => x(irises(doing)[0].spots) - x(eyes(doing)[0].spots);
    const looking = (yawDeg: number, pitchDeg: number, doing: Doing = {}) => ({
      ...doing,
      gaze: makeGaze({ yawDeg, pitchDeg }),
    });
    expect(aside(looking(30, 0))).toBeGreaterThan(aside({}) + SEEN);
    expect(aside(looking(-30, 0))).toBeLessThan(aside({}) - SEEN);
    expect(y(irises(looking(0, 20))[0].spots)).toBeLessThan(y(irises({})[0].spots) - SEEN);
    // Into the camera: to the own right of a head that is turned to its left.
    expect(aside(looking(0, 0, { yawDeg: 30 }))).toBeLessThan(aside({ yawDeg: 30 }) - SEEN);
    expect(aside(looking(30, 0, { yawDeg: 30 }))).toBeCloseTo(aside({ yawDeg: 30 }), 6);
    // Upright eyes in a head on its side.
    const [own] = irises(looking(0, 20, { rollDeg: 90 }));
    expect(y(own.spots)).toBeLessThan(y(irises({ rollDeg: 90 })[0].spots) - SEEN);
  });

  test('opens the mouth, and the jaw falls', () => {
    const open = { mouth: { opening: 0.8 } };
    expect(spots(open, 'teeth')).toHaveLength(1);
    expect(height(spots(open, 'lips')[0].spots)).toBeGreaterThan(height(spots({}, 'lips')[0].spots) + 0.3);
    expect(height(spots(open, 'face')[0].spots)).toBeGreaterThan(height(spots({}, 'face')[0].spots) + SEEN);
  });

  test('smiles on the side that smiles, raises and lowers its brows', () => {
    const corners = (doing: Doing) => {
      const lips = [...spots(doing, 'lips')[0].spots].sort((one, other) => one.x - other.x);
      return { right: lips[0].y, left: lips.at(-1)!.y };
    };
    const smile = corners({ expression: { mouthSmileLeft: 1 } });
    expect(smile.left).toBeLessThan(corners({}).left - SEEN);
    expect(smile.right).toBeCloseTo(corners({}).right, 6);
    const brow = (doing: Doing) => y(spots(doing, 'brow')[0].spots);
    expect(brow({ expression: { browInnerUp: 1 } })).toBeLessThan(brow({}) - SEEN);
    expect(brow({ expression: { browDownLeft: 1, browDownRight: 1 } })).toBeGreaterThan(brow({}) + SEEN);
  });

  test('puffs its cheeks, and takes mouth and jaw to a side', () => {
    const right = (doing: Doing) => Math.max(...spots(doing, 'face')[0].spots.map((spot) => spot.x));
    const chin = (doing: Doing) =>
      spots(doing, 'face')[0].spots.reduce((low, spot) => (spot.y > low.y ? spot : low)).x;
    const mouth = (doing: Doing) => x(spots(doing, 'lips')[0].spots);
    expect(right({ expression: { cheekPuff: 1 } })).toBeGreaterThan(right({}) + SEEN);
    // Its own left is on the right of the picture.
    expect(mouth({ expression: { mouthLeft: 1 } })).toBeGreaterThan(mouth({}) + SEEN);
    expect(chin({ expression: { mouthLeft: 1 } })).toBeCloseTo(chin({}), 6);
    expect(mouth({ expression: { jawRight: 1 } })).toBeLessThan(mouth({}) - SEEN);
    expect(chin({ expression: { jawRight: 1 } })).toBeLessThan(chin({}) - SEEN);
  });

  test('an outline goes around all of its spots', () => {
    const square = [
      [0, 0],
      [1, 0],
      [0.5, 0.5],
      [1, 1],
      [0, 1],
    ].map(([left, top]) => ({ x: left, y: top, depth: 0 }));
    expect(outlineOf(square)).toHaveLength(4);
    expect(outlineOf(square)).not.toContain(square[2]);
  });
});
