import { describe, expect, it } from 'vitest';
import { formatTaught, isTaught, parseTaught, type Taught } from './taught-file';
import { toScheme } from './scheme';
import { checkBase, filesHash } from './base';

const scheme = toScheme(
  { id: 'ears', title: 'Ears', points: ['left ear', 'right ear'], pairs: [[0, 1]], lines: [[0, 1]] },
  null,
);
const projections = [2, 2, 2, 2].map((kept) => ({
  channels: 3,
  kept,
  matrix: new Float32Array(6).fill(0.1),
}));
/** 3 × 3 places of two stages, one of the third, two channels each. */
const LOCAL_INPUTS = 9 * 2 + 9 * 2 + 2;
const taught: Taught = {
  id: 'ears',
  title: 'Ears',
  scheme,
  info: {
    kind: 'points',
    crop: 'face',
    base: { id: 'lite', sha256: 'a'.repeat(64) },
    report: { pictures: 2, marks: [2, 2], leaveOneOut: null, learned: false, curve: [] },
  },
  head: {
    kind: 'points',
    nodes: ['a', 'b', 'c', 'd'],
    projections,
    basePoints: [0, 5],
    guess: new Float32Array(5 * 4).fill(0.25),
    refine: new Float32Array((LOCAL_INPUTS + 1) * 4).fill(-1.5),
    spread: new Float32Array(4).fill(0.01),
  },
};
const written = () => JSON.parse(new TextDecoder().decode(formatTaught(taught)));

describe('the file of a taught model', () => {
  it('comes back as it was', () => {
    expect(isTaught(written())).toBe(true);
    expect(parseTaught(written(), 'taught.json')).toEqual(taught);
  });

  it('is refused with the field that is wrong', () => {
    const bad = (change: (json: ReturnType<typeof written>) => void) => {
      const json = written();
      change(json);
      return () => parseTaught(json, 'ears.json');
    };
    expect(bad((json) => (json.head.refine = json.head.guess))).toThrow(
      /ears\.json: head\.refine must be 156 32-bit/,
    );
    expect(bad((json) => (json.head.guess = '%'))).toThrow(/head\.guess must be numbers in base64/);
    expect(bad((json) => json.head.maps.pop())).toThrow(/head\.maps must have 4 entries/);
    expect(bad((json) => (json.kind = 'hands'))).toThrow(/kind must be "points" or "my-face"/);
    expect(bad((json) => (json.formatVersion = 2))).toThrow(/formatVersion must be 1/);
    expect(bad((json) => (json.scheme.mirror = [1, 1]))).toThrow(/scheme\.mirror/);
  });

  it('stands on one version of its base alone', async () => {
    const file = (path: string, sha256: string) => ({ path, sha256 });
    const hash = await filesHash([file('b', '2'), file('a', '1')]);
    expect(hash).toBe(await filesHash([file('a', '1'), file('b', '2')]));
    expect(() => checkBase(taught, hash, 'ears.json')).toThrow(
      /ears\.json: was learned on another version of lite/,
    );
    expect(() => checkBase(taught, taught.info.base.sha256, 'ears.json')).not.toThrow();
  });
});

describe('a scheme of points that a person named', () => {
  const named = {
    id: 'ears',
    title: 'Ears',
    points: ['left', 'right'],
    pairs: [] as [number, number][],
    lines: [] as number[][],
  };
  it.each([
    ['no points', { ...named, points: [] }, /needs 1 to 200 points/],
    ['a name twice', { ...named, points: ['ear', 'ear'] }, /same name/],
    ['a pair with itself', { ...named, pairs: [[1, 1]] as [number, number][] }, /make no pair/],
    ['a line to nowhere', { ...named, lines: [[0, 2]] }, /not there/],
    ['an id with spaces', { ...named, id: 'my ears' }, /short name/],
  ])('is refused with %s', (_, wrong, message) => expect(() => toScheme(wrong, null)).toThrow(message));
});
