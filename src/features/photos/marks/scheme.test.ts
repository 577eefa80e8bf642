import { describe, expect, it } from 'vitest';
import {
  MAX_MARK_POINTS,
  addPoint,
  drawnScheme,
  joinPoints,
  listNames,
  newScheme,
  partPoints,
  removePoint,
  renamePoint,
  restorePoint,
  setPartner,
  shiftPoint,
} from './scheme';

const three = ['left', 'right', 'tip'].reduce(
  (scheme, name) => addPoint(scheme, name, name),
  newScheme('Beak', 0, 'beak'),
);
const names = ({ points }: typeof three) => points.map(({ name }) => name);

describe('points of a person’s own', () => {
  it('have names that differ, also those that nobody gave', () => {
    expect(names(addPoint(addPoint(three, 'tip'), ' '))).toEqual([
      'left',
      'right',
      'tip',
      'tip 2',
      'Point 5',
    ]);
    expect(names(renamePoint(three, 'tip', '  end '))).toEqual(['left', 'right', 'end']);
    expect(renamePoint(three, 'tip', 'left')).toBe(three);
    expect(renamePoint(three, 'tip', ' ')).toBe(three);
  });

  it('are known by a short id that differs each time', () => {
    expect(newScheme('Óre 2!', 0).id).toMatch(/^o-re-2-[0-9a-f]{8}$/);
    expect(newScheme('耳', 0).id).toMatch(/^points-[0-9a-f]{8}$/);
    expect(newScheme('Ears', 0).id).not.toBe(newScheme('Ears', 0).id);
  });

  it('are moved up and down, and stop at the ends', () => {
    expect(names(shiftPoint(three, 'tip', -1))).toEqual(['left', 'tip', 'right']);
    expect(shiftPoint(three, 'tip', 1)).toBe(three);
    expect(shiftPoint(three, 'left', -1)).toBe(three);
  });

  it('come back with their pairs and lines after they were taken out', () => {
    const joined = joinPoints(setPartner(three, 'left', 'right'), 'right', 'tip');
    expect(drawnScheme(joined)).toMatchObject({ mirror: [1, 0, 2], edges: [[1, 2]], pointCount: 3 });
    const without = removePoint(joined, 'right');
    expect(drawnScheme(without)).toMatchObject({ mirror: [0, 1], edges: [], pointCount: 2 });
    const back = restorePoint(without, 'right');
    expect(names(back)).toEqual(['left', 'tip', 'right']);
    expect(drawnScheme(back)).toMatchObject({ mirror: [2, 1, 0], edges: [[2, 1]] });
  });

  it('are no more than fit, those that come back counted', () => {
    const names = Array.from({ length: MAX_MARK_POINTS - 3 }, (_, i) => `p${i}`);
    const full = names.reduce((scheme, name) => addPoint(scheme, name), three);
    expect(() => addPoint(full, 'one more')).toThrow('Beak: holds at most 200 points');
    const again = addPoint(removePoint(full, 'tip'), 'in its place');
    expect(() => restorePoint(again, 'tip')).toThrow('Beak: holds at most 200 points');
    expect(restorePoint(removePoint(full, 'tip'), 'tip').points).toHaveLength(MAX_MARK_POINTS);
  });

  it('are of one pair at most', () => {
    const paired = setPartner(setPartner(three, 'left', 'right'), 'tip', 'right');
    expect(paired.pairs).toEqual([['tip', 'right']]);
    expect(setPartner(paired, 'right', null).pairs).toEqual([]);
    expect(setPartner(three, 'tip', 'tip').pairs).toEqual([]);
  });

  it('are joined once, from either end, until the line is taken away', () => {
    const joined = joinPoints(three, 'left', 'tip');
    expect(joined.lines).toEqual([['left', 'tip']]);
    expect(joinPoints(joined, 'tip', 'left')).toBe(joined);
    expect(joinPoints(three, 'tip', 'tip')).toBe(three);
    expect(partPoints(joined, 'tip', 'left').lines).toEqual([]);
  });

  it('are named in a list, which gives no name that would not fit', () => {
    expect(listNames(' left lobe, 👂;ش أذن\n,, ')).toEqual(['left lobe', '👂', 'ش أذن']);
    expect(listNames('👂'.repeat(99))).toEqual(['👂'.repeat(60)]);
  });
});
