import { describe, expect, test } from 'vitest';
import { threePoints } from '../../../../../tests/fixtures/photos';
import { makeSignals } from '../../../../../tests/fixtures/signals';
import { flatLines, lengthLines, reasonNotTold, toldGroups, toldMovements } from './measure-labels';

/** Names and groups are not asked for. */
const ibug68 = { ...threePoints, id: 'ibug68', pointCount: 68 };
const words = (lines: readonly { name: string; words: string }[]) =>
  lines.map(({ name, words }) => [name, words]);
const points = new Float32Array(136).fill(1);
const withMissing = points.with(3, NaN);

describe('lengths and shares', () => {
  test('are told with their units and signs', () => {
    const measures = {
      interOcularPx: 123.456,
      rollDeg: -12.4,
      eyeRatios: [0.312, 0],
      mouthRatio: 0,
    } as const;
    expect(words(lengthLines(measures))).toEqual([['Eye distance', '123.5 px']]);
    expect(words(flatLines(measures))).toEqual([
      ['Roll', '−12°'],
      ['Eyes, height over width', '0.31 and 0.00'],
      ['Mouth, height over width', '0.00'],
    ]);
  });

  test('that the points of a scheme do not tell are left out', () => {
    const unknown = { interOcularPx: null, eyeRatios: null, mouthRatio: null };
    expect(words(lengthLines(unknown))).toEqual([]);
    expect(words(flatLines({ ...unknown, rollDeg: 90 }))).toEqual([['Roll', '+90°']]);
  });
});

describe('signals', () => {
  const whole = makeSignals({ yawDeg: 12, expression: { jawOpen: 0.9, browInnerUp: 0.3 } });
  const partial = makeSignals({
    eyes: { right: NaN },
    mouth: { opening: NaN, width: NaN, asymmetry: NaN },
    expression: { jawOpen: NaN },
  });
  const labels = (signals: typeof whole) =>
    toldGroups(signals).map(({ title, kinds }) => [title, kinds.map(({ label }) => label)]);

  test('are named as Live names them, the strongest movements first', () => {
    expect(labels(whole)).toEqual([
      ['Pose', ['Yaw', 'Pitch', 'Roll']],
      ['Eyes', ['Left eye', 'Right eye']],
      ['Mouth', ['Mouth opening', 'Mouth width', 'Mouth slant']],
    ]);
    expect(toldMovements(whole)).toEqual(['jawOpen', 'browInnerUp']);
    expect(reasonNotTold(whole, points, ibug68)).toBeNull();
  });

  test('that take a missing point are left out, and said to be', () => {
    expect(labels(partial)).toEqual([
      ['Pose', ['Yaw', 'Pitch', 'Roll']],
      ['Eyes', ['Left eye']],
    ]);
    expect(toldMovements(partial)).toBeNull();
    expect(reasonNotTold(partial, withMissing, ibug68)).toBe(
      'Not told, since points are missing: Right eye, Mouth opening, Mouth width, Mouth slant, Expression.',
    );
  });

  test('that are not there at all have a reason', () => {
    expect(reasonNotTold(undefined, points, threePoints)).toMatch(/68 points/);
    expect(reasonNotTold(undefined, withMissing, ibug68)).toMatch(/missing/);
    expect(reasonNotTold(undefined, points, ibug68)).toMatch(/fit no head/);
  });
});
