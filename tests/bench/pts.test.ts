import { describe, expect, it } from 'vitest';
import { parsePts } from './pts';

describe('.pts files', () => {
  const header = 'version: 1\nn_points: 3\n{\n';

  it('count pixel centres from 1', () => {
    expect([...parsePts(`${header}1 1\n11.5 2\n3 4e0\n}\n`, 'a.pts', 3)]).toEqual([
      0.5, 0.5, 11, 1.5, 2.5, 3.5,
    ]);
    expect([...parsePts('1 1\r\n2 2\r\n3 3', 'a.pts', 3)]).toEqual([0.5, 0.5, 1.5, 1.5, 2.5, 2.5]);
  });

  it('are named with the line when wrong', () => {
    expect(() => parsePts(`${header}1 1\n2 x\n3 3\n}`, 'a.pts', 3)).toThrow(
      'a.pts:5: wanted two numbers, found "2 x"',
    );
    expect(() => parsePts(`${header}1 1\n}`, 'a.pts', 3)).toThrow('a.pts: announces 3 points, has 1');
    expect(() => parsePts('1 1\n', 'a.pts', 68)).toThrow('a.pts: has 1 points, the model 68');
  });
});
