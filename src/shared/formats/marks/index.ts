/** Pictures with points of a person's own, as `marks.json` beside the pictures: docs/marks-json.md. */

import { mustBe, parseJson } from '../schema';
import { marksFile, type MarksFile } from './schema';

export type { Mark, MarksFile } from './schema';

export const MARKS_FILE = 'marks.json';

export function formatMarks(content: Omit<MarksFile, 'format' | 'version'>): string {
  return JSON.stringify({ format: 'mien-marks', version: 1, ...content } satisfies MarksFile);
}

/** Whether it is a file of marks rather than of landmarks: then it is `parseMarks` that says what is wrong with it. */
export function isLikeMarks(text: string): boolean {
  return /"mien-marks"/.test(text);
}

/** @throws Error naming the file and the place in it that cannot be read */
export function parseMarks(text: string, file: string): MarksFile {
  const content = parseJson(marksFile, text, file);
  for (const [id, { points, pairs, lines }] of Object.entries(content.schemes)) {
    const twice = points.findIndex((point, i) => points.findIndex((one) => one.id === point.id) < i);
    if (twice >= 0)
      throw new Error(
        `${file}: ${mustBe([{ key: 'schemes' }, { key: id }, { key: 'points' }, { key: twice }, { key: 'id' }], 'the id of no other point', points[twice].id)}`,
      );
    for (const [field, all] of Object.entries({ pairs, lines }))
      for (const [i, pair] of all.entries())
        if (pair.some((index) => index >= points.length))
          throw new Error(
            `${file}: ${mustBe([{ key: 'schemes' }, { key: id }, { key: field }, { key: i }], `two indices below ${points.length}`, pair)}`,
          );
  }
  for (const [i, { marks }] of content.pictures.entries())
    for (const [j, { scheme, points }] of marks.entries()) {
      const path = `${file}: pictures[${i}].marks[${j}]`;
      if (!Object.hasOwn(content.schemes, scheme))
        throw new Error(`${path}.scheme: there is no scheme ${scheme}`);
      const count = content.schemes[scheme].points.length;
      if (points.length !== count)
        throw new Error(`${path}.points must have ${count} entries, it has ${points.length}`);
    }
  return content;
}
