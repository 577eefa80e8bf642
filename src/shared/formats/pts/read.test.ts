import { describe, expect, it } from 'vitest';
import { decodeText } from '../decode-text';
import { formatPts } from './index';
import { parsePts } from './read';

/** Counted from 1 at pixel centres: ours are half a pixel less. */
const wanted = [293.5, 117.5, 293.2, 125.3, 292, 133];
const plain = '294 118\n293.7 125.8\n292.5 133.5\n';
const header = 'version: 1\nn_points: 3\n{\n';

const read = (text: string) => [...parsePts(text, 'a.pts')].map((value) => Number(value.toFixed(3)));

describe('dialects of .pts', () => {
  it('have missing points where old programs of Windows write that there is no number', () => {
    expect(read('-1.#IND 1.#QNAN\n-1.#IND00 -1.#IND00\n3 4 # jaw')).toEqual([NaN, NaN, NaN, NaN, 2.5, 3.5]);
  });

  it('have missing points where −1 −1 stands', () => {
    expect(read('-1 -1\n-1.000 -1.000\n3 -1')).toEqual([NaN, NaN, NaN, NaN, 2.5, -1.5]);
  });

  it.each<[string, string]>([
    ['bare pairs', plain],
    ['a header and braces', `${header}${plain}}\n`],
    ['a brace on the line of the count', `version: 1\nn_points: 3 {\n${plain}}`],
    ['the whole header on one line', `version: 1 n_points: 3 {\n${plain}}`],
    ['braces on the lines of points', 'n_points: 3\n{ 294 118\n293.7 125.8\n292.5 133.5 }'],
    ['no colon after n_points', `n_points 3\n${plain}`],
    ['the count first', `3\n${plain}`],
    ['commas', '294, 118\n293.7, 125.8\n292.5, 133.5'],
    ['commas without spaces', '294,118\n293.7,125.8\n292.5,133.5'],
    ['semicolons', '294;118\n293.7;125.8\n292.5;133.5'],
    ['Arabic digits', '٢٩٤ ١١٨\n٢٩٣٫٧ ١٢٥٫٨\n٢٩٢٫٥ ١٣٣٫٥'],
    ['tabs', plain.replaceAll(' ', '\t')],
    ['decimal commas', '294,0 118,0\n293,7 125,8\n292,5 133,5'],
    ['decimal commas before semicolons', '294,0; 118,0\n293,7; 125,8\n292,5; 133,5'],
    ['decimal commas and commas', '294,0, 118,0\n293,7, 125,8\n292,5, 133,5'],
    ['comments of a line', `# iBUG\n// from menpo\n% by hand\n${plain}`],
    ['comments behind', '294 118 # jaw\n293.7 125.8 // jaw\n292.5 133.5'],
    ['a heading', `x y\n${plain}`],
    ['other fields in the header', `version: 1\nimage: 5.jpg\nn_points: 3\n{\n${plain}}`],
    ['parentheses', '(294, 118)\n(293.7, 125.8)\n(292.5, 133.5)'],
    ['a flag in the third column', '294 118 0\n293.7 125.8 0\n292.5 133.5 1'],
    ['a depth in the third column', '294 118 12.5\n293.7 125.8 -3.5\n292.5 133.5 7'],
    ['an index from 0', '0 294 118\n1 293.7 125.8\n2 292.5 133.5'],
    ['an index in another order', '3 292.5 133.5\n1 294 118\n2 293.7 125.8'],
    ['an index before a colon', '1: 294 118\n2: 293.7 125.8\n3: 292.5 133.5'],
    ['an index from 1 and a flag', '1 294 118 2\n2 293.7 125.8 2\n3 292.5 133.5 2'],
    ['all points in one line', 'n_points: 3\n{ 294 118 293.7 125.8 292.5 133.5 }'],
    ['exponents', '2.94e2 1.18e2\n293.7 125.8\n292.5 133.5'],
    ['empty lines and old line endings', '294 118\r\r293.7 125.8\r292.5 133.5\r'],
  ])('%s', (_, text) => {
    expect(read(text)).toEqual(wanted);
  });

  it('in UTF-8 and UTF-16 with a mark, in UTF-16 without, in Latin-1', () => {
    const text = `# prises à Orsay\n${plain}`;
    const utf16 = (swap: boolean) =>
      Uint8Array.from(
        [...text].flatMap((sign) => {
          const code = sign.charCodeAt(0);
          return swap ? [code >> 8, code & 255] : [code & 255, code >> 8];
        }),
      );
    const files = {
      'UTF-8': new TextEncoder().encode(`\ufeff${text}`),
      'UTF-16 LE': Uint8Array.of(0xff, 0xfe, ...utf16(false)),
      'UTF-16 BE': Uint8Array.of(0xfe, 0xff, ...utf16(true)),
      'UTF-16 LE without a mark': utf16(false),
      'UTF-16 BE without a mark': utf16(true),
      'Latin-1': Uint8Array.from(text, (sign) => sign.charCodeAt(0)),
    };
    for (const [encoding, bytes] of Object.entries(files))
      expect(read(decodeText(bytes)), encoding).toEqual(wanted);
  });

  it('nan is a missing point, which is written as it was read', () => {
    for (const sign of ['nan', 'NaN', '-nan', 'nan(ind)', 'NA', 'n/a', 'null']) {
      const points = parsePts(`294 118\n${sign} ${sign}\n292.5 133.5`, 'a.pts');
      expect([...points]).toEqual([293.5, 117.5, NaN, NaN, 292, 133]);
    }
    const written = formatPts(Float32Array.of(293.5, 117.5, NaN, NaN));
    expect(written).toBe('version: 1\nn_points: 2\n{\n294 118\nnan nan\n}\n');
    expect([...parsePts(written, 'a.pts')]).toEqual([293.5, 117.5, NaN, NaN]);
  });

  it.each([
    [
      'an index or a flag, which both fit',
      '1 5 0\n2 6 0\n3 7 0',
      'a.pts: line 1: wanted two numbers, found "1 5 0"',
    ],
    [
      'points with names',
      'left eye: 1 2\nnose: 3 4',
      'a.pts: line 1: wanted two numbers, found "left eye: 1 2"',
    ],
    [
      'points of which numbers are left out',
      '1 294 118\n2 293.7 125.8\n4 292.5 133.5',
      'a.pts: line 3: points before number 4 are left out',
    ],
    [
      'a part of the points by their numbers',
      '17 294 118\n18 293.7 125.8\n19 292.5 133.5',
      'a.pts: line 1: points before number 17 are left out',
    ],
    ['one missing coordinate', '1 2\nnan 5', 'a.pts: line 2: wanted two numbers, found "nan 5"'],
    ['lines of different widths', '1 2\n3 4 5', 'a.pts: line 2: wanted two numbers, found "3 4 5"'],
    ['words', '1 2\none two', 'a.pts: line 2: wanted two numbers, found "one two"'],
    ['hexadecimals', '0x10 2', 'a.pts: line 1: wanted two numbers, found "0x10 2"'],
    ['nothing but missing points', 'nan nan\nnan nan', 'a.pts: holds no points'],
    ['another count first', '3\n1 2\n3 4', 'a.pts: announces 3 points, has 2'],
  ])('refuses %s', (_, text, message) => {
    expect(() => parsePts(text, 'a.pts')).toThrow(message);
  });

  it('takes whole pixels between commas for two numbers, not for one with a decimal comma', () => {
    expect(read('294 118,5\n293,5 126\n292 134')).toEqual([293.5, 118, 293, 125.5, 291.5, 133.5]);
    expect(read('294,118 0\n293,126 0\n292,134 0')).toEqual([293.5, 117.5, 292.5, 125.5, 291.5, 133.5]);
  });
});
