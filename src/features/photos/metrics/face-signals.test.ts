import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { seenFace } from '../../../../tests/fixtures/signals/mean-face';
import { loadExpression } from '../../../engine/signals/expression';
import { parseManifest } from '../../../engine/model/manifest';
import { DEFAULT_FIELD_OF_VIEW_DEG } from '../../../engine/options';
import { fromNetwork, movePoints } from '../corrections/faces';
import { boxOfPresent } from '../../../shared/missing-points';
import { signalsOfFace } from './face-signals';

beforeAll(loadExpression);

const path = 'static/models/lite/model.json';
const { scheme } = parseManifest(JSON.parse(readFileSync(path, 'utf8')), path);
/** Upright, as a phone takes them. */
const picture = { width: 3024, height: 4032 };
const camera = { ...picture, fieldOfViewDeg: DEFAULT_FIELD_OF_VIEW_DEG };
const angles = { yawDeg: 25, pitchDeg: -10, rollDeg: 15 };
/** In a corner, where lines of sight are far from the picture's middle. */
const points = seenFace(angles, [-12, 15, -60], camera);
const [face] = fromNetwork([{ points, spread: null, box: boxOfPresent(points), score: 1, id: 1 }]);
/** The mean face as it is, without noise. */
const ANGLE_DEG = 0.5;

describe('what a face in a photo does', () => {
  it('is told from its points, wherever it is in the picture', () => {
    const { pose } = signalsOfFace(face, scheme, picture)!;
    for (const name of ['yawDeg', 'pitchDeg', 'rollDeg'] as const)
      expect(Math.abs(pose[name] - angles[name]), name).toBeLessThan(ANGLE_DEG);
  });

  it('is told of the points as they were corrected', () => {
    const lowerLip = [55, 56, 57, 58, 59, 65, 66, 67];
    const [corrected] = movePoints([face], face.id, lowerLip, { x: 0, y: 120 });
    const [before, after] = [face, corrected].map((one) => signalsOfFace(one, scheme, picture)!);
    expect(after.mouth.opening).toBeGreaterThan(before.mouth.opening + 0.2);
    expect(after.expression.jawOpen).toBeGreaterThan(before.expression.jawOpen + 0.2);
    expect(after.eyes.left).toBeCloseTo(before.eyes.left, 1);
  });

  it('is not told of other points than the 68', () => {
    expect(signalsOfFace(face, { ...scheme, id: 'other' }, picture)).toBeUndefined();
    expect(signalsOfFace({ ...face, points: points.subarray(2) }, { ...scheme, pointCount: 67 }, picture)).toBeUndefined(); // prettier-ignore
  });
});
