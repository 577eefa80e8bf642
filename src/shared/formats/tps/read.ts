import { presentPoints } from '../../missing-points';
import { stemOf } from '../names';
import { numberOf, placeOf, splitterOf } from '../numbers';
import { formatSkipped } from '../skipped';
import type { ImportedFace, ImportedPicture } from '../types';

interface Specimen {
  /** Line of its `LM=`, from 1. */
  readonly line: number;
  readonly count: number;
  readonly values: number[];
  image: string | null;
}

/**
 * `NA`, and tpsDig's `-1 -1`, are missing points. Curves are left out.
 * @throws naming the file and the line
 */
export function readTps(
  text: string,
  file: string,
  onSkipped: (message: string) => void = () => {},
): ImportedPicture[] {
  const { specimens, skipped } = readSpecimens(text, file);
  const byPath = new Map<string, ImportedFace[]>();
  for (const { line, count, values, image } of specimens) {
    if (values.length !== 2 * count)
      throw new Error(`${file}: line ${line}: announces ${count} points, has ${values.length / 2}`);
    const face = { points: Float32Array.from(values) };
    const path = image || (specimens.length === 1 ? stemOf(file) : null);
    if (path === null) skipped.push('specimen without IMAGE');
    else if (presentPoints(face.points).length === 0) skipped.push('specimen without points');
    else byPath.set(path, [...(byPath.get(path) ?? []), face]);
  }
  if (skipped.length) onSkipped(`${file}: left out ${formatSkipped(skipped)}.`);
  return Array.from(byPath, ([path, faces]) => ({
    path,
    isFromBottom: true,
    isStem: !/\.[^./\\]+$/.test(path) || !specimens[0].image,
    faces,
  }));
}

function readSpecimens(text: string, file: string): { specimens: Specimen[]; skipped: string[] } {
  const specimens: Specimen[] = [];
  const skipped: string[] = [];
  let curvePoints = 0;
  // Most write it after the points; where one comes before the first `LM=`, each belongs to what follows.
  let imageAhead: string | null = null;
  const lines = text.split(/\r\n?|\n/).map((raw) => raw.replace(/^\ufeff/, '').trim());
  const split = splitterOf(
    lines.filter((line) => line !== '' && !line.includes('=')),
    2,
  );
  for (const [index, line] of lines.entries()) {
    const [, key, value] = /^(\w+)\s*=\s*"?(.*?)"?$/.exec(line) ?? [];
    if (line === '') continue;
    if (key === undefined) {
      const wanted = (what: string) =>
        new Error(`${file}: line ${index + 1}: wanted ${what}, found "${line.slice(0, 40)}"`);
      if (!specimens.length) throw wanted('LM=');
      const pair = pairOf(split(line));
      if (!pair) throw wanted('two numbers');
      if (curvePoints > 0) curvePoints -= 1;
      else specimens.at(-1)!.values.push(...pair);
    } else if (/^LM3$/i.test(key)) throw new Error(`${file}: line ${index + 1}: holds points in space (LM3)`);
    else if (/^LM$/i.test(key)) {
      specimens.push({ line: index + 1, count: Number(value), values: [], image: imageAhead });
      if (imageAhead !== null) imageAhead = '';
    } else if (/^IMAGE$/i.test(key) && value) {
      if (specimens.length && imageAhead === null) specimens.at(-1)!.image = value;
      else imageAhead = value;
    } else if (/^POINTS$/i.test(key)) {
      curvePoints = Number(value);
      skipped.push('curve');
    }
  }
  return { specimens, skipped };
}

function pairOf(tokens: readonly string[]): [number, number] | null {
  const [x, y, ...others] = tokens.map(numberOf);
  if (x === null || y === null || x === undefined || y === undefined || others.length) return null;
  return placeOf(x, y);
}
