import { presentPoints } from '../../missing-points';
import { stemOf } from '../names';
import { formatSkipped } from '../skipped';
import type { ImportedFace, ImportedPicture } from '../types';

interface Specimen {
  /** Line of its `LM=`, from 1. */
  readonly line: number;
  readonly count: number;
  readonly values: number[];
  image: string | null;
}

const number = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const missing = /^(na|nan)$/i;

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
    const path = image ?? (specimens.length === 1 ? stemOf(file) : null);
    if (path === null) skipped.push('specimen without IMAGE');
    else if (presentPoints(face.points).length === 0) skipped.push('specimen without points');
    else byPath.set(path, [...(byPath.get(path) ?? []), face]);
  }
  if (skipped.length) onSkipped(`${file}: left out ${formatSkipped(skipped)}.`);
  return Array.from(byPath, ([path, faces]) => ({
    path,
    isFromBottom: true,
    isStem: !/\.[^./\\]+$/.test(path) || specimens[0].image === null,
    faces,
  }));
}

function readSpecimens(text: string, file: string): { specimens: Specimen[]; skipped: string[] } {
  const specimens: Specimen[] = [];
  const skipped: string[] = [];
  let curvePoints = 0;
  for (const [index, raw] of text.split(/\r\n?|\n/).entries()) {
    const line = raw.replace(/^\ufeff/, '').trim();
    const [, key, value] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
    if (line === '') continue;
    if (key === undefined) {
      if (curvePoints > 0) curvePoints -= 1;
      else specimens.at(-1)?.values.push(...pairOf(line, `${file}: line ${index + 1}`));
      if (!specimens.length)
        throw new Error(`${file}: line ${index + 1}: wanted LM=, found "${line.slice(0, 40)}"`);
    } else if (/^LM3$/i.test(key)) throw new Error(`${file}: line ${index + 1}: holds points in space (LM3)`);
    else if (/^LM$/i.test(key))
      specimens.push({ line: index + 1, count: Number(value), values: [], image: null });
    else if (/^IMAGE$/i.test(key) && value && specimens.length) specimens.at(-1)!.image = value;
    else if (/^POINTS$/i.test(key)) {
      curvePoints = Number(value);
      skipped.push('curve');
    }
  }
  return { specimens, skipped };
}

function pairOf(line: string, subject: string): [number, number] {
  // A point nowhere and a comma in both: the comma is that of a decimal.
  const isDecimal = !line.includes('.') && /^\S+,\S+\s+\S+,\S+$/.test(line);
  const tokens = (isDecimal ? line.replaceAll(',', '.') : line).split(/\s+/);
  const [x, y] = tokens;
  if (tokens.length !== 2 || !tokens.every((token) => number.test(token) || missing.test(token)))
    throw new Error(`${subject}: wanted two numbers, found "${line.slice(0, 40)}"`);
  const pair: [number, number] = [Number(x), Number(y)];
  const isMissing = tokens.some((token) => missing.test(token)) || pair.every((value) => value === -1);
  return isMissing ? [NaN, NaN] : pair;
}
