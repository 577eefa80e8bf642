import { expect, it } from 'vitest';
import type { LearnReport } from '../../engine/types';
import { describeReport, describeTrend, worstPoints } from './lesson';

const report: LearnReport = {
  pictures: 6,
  marks: [6, 5, 1],
  leaveOneOut: { errorPct: 3.14, spreadPct: 0.9, plainErrorPct: 6.02, perPointPct: [2, 4.28, null] },
  learned: true,
  curve: [
    { pictures: 3, errorPct: 4.4 },
    { pictures: 5, errorPct: 3.14 },
  ],
};

it('says the measured error beside that of the plain guess', () => {
  expect(describeReport(report, 'points')).toBe(
    'On pictures left out of learning its points were 3.1 % of the face’s size off, give or take 0.9 % from picture to ' +
      'picture. The mean shape of the marks alone would be 6.0 % off.',
  );
});

it('measures by the box where one led to the points', () => {
  expect(describeReport(report, 'points', 'box')).toContain('3.1 % of the box’s size off');
});

it('says first that nothing was learned, of both kinds', () => {
  expect(describeReport({ ...report, learned: false }, 'points')).toMatch(
    /^It learned nothing that the mean shape of the marks does not say\. On pictures/,
  );
  expect(describeReport({ ...report, learned: false }, 'my-face')).toMatch(
    /^It learned nothing about this face that the network does not know\./,
  );
});

it('claims no error that was not measured', () => {
  expect(describeReport({ ...report, pictures: 2, leaveOneOut: null, learned: false }, 'points')).toBe(
    'Learned from 2 pictures. How far off it is was not measured: that takes three at least.',
  );
});

it('says whether more pictures are worth marking, by the measured curve alone', () => {
  expect(describeTrend(report)).toMatch(/from 5, 3\.1 %\. More pictures are worth marking\.$/);
  const flat = [report.curve[0], { pictures: 5, errorPct: 4.35 }];
  expect(describeTrend({ curve: flat })).toMatch(/More of the same kind will change little\.$/);
  expect(describeTrend({ curve: report.curve.slice(1) })).toBeNull();
});

it('names the points that are farthest off, and none that was not measured', () => {
  expect(worstPoints(report, ['lobe', 'top', 'tip'], 5)).toEqual([
    { name: 'top', error: '4.3 %' },
    { name: 'lobe', error: '2.0 %' },
  ]);
});
