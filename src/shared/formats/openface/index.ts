/**
 * The CSV of OpenFace's FaceLandmarkImg: one file per picture, named after it, a row per face, `x_0` to `y_67` counted from 0 at
 * pixel centres, so ours are + 0.5. Its other columns (gaze, pose, action units) are neither read nor written.
 */

import Papa from 'papaparse';
import { isMissing, presentPoints } from '../../missing-points';
import { headingOf, readRows, type Row } from '../csv/rows';
import { pairsOf, pathOf, rounded, stemOf } from '../names';
import { parse, numberText } from '../schema';
import { formatSkipped } from '../skipped';
import type {
  ExportFile,
  ExportOptions,
  ExportPicture,
  Format,
  ImportedFace,
  ImportedPicture,
} from '../types';

function* writeOpenFace(
  pictures: readonly ExportPicture[],
  { bom = false }: ExportOptions,
): Generator<ExportFile> {
  for (const picture of pictures) {
    const { faces } = picture;
    if (faces.length === 0) continue;
    const count = Math.max(...faces.map(({ points }) => points.length / 2));
    const columnsOf = (axis: string) => Array.from({ length: count }, (_, i) => `${axis}_${i}`);
    const rows = faces.map(({ points, score }, i) => {
      const pairs = pairsOf(points, -0.5).map((pair, point) =>
        isMissing(points, point) ? ['NaN', 'NaN'] : pair,
      );
      const axis = (at: 0 | 1) => Array.from({ length: count }, (_, point) => pairs[point]?.[at] ?? '');
      return [i, rounded(score), ...axis(0), ...axis(1)];
    });
    const table = Papa.unparse([['face', 'confidence', ...columnsOf('x'), ...columnsOf('y')], ...rows]);
    yield { name: `${stemOf(pathOf(picture))}.csv`, data: `${bom ? '\ufeff' : ''}${table}\r\n` };
  }
}

/** @throws naming the file, and the row and column where there is one; for a table of a video too */
function readOpenFace(
  text: string,
  file: string,
  onSkipped: (message: string) => void = () => {},
): ImportedPicture[] {
  const columns = headingOf(text);
  if (!isOpenFace(columns)) throw new Error(`${file}: has no columns x_0 and y_0`);
  // Case counts: X_0 is a place in space.
  const rows = readRows(text, file, { keepsCase: true });
  const frames = new Set(rows.map(({ cells }) => cells.frame));
  if (frames.size > 1)
    throw new Error(
      `${file}: is OpenFace’s table of a video (${frames.size} frames); Mien reads those of pictures`,
    );
  const count = columns.filter((name) => /^x_\d+$/.test(name)).length;
  const found = rows.map((row) => toFace(row, count)).filter((face) => face !== null);
  const skipped = rows.slice(found.length).map(() => 'row without a face');
  if (skipped.length) onSkipped(`${file}: left out ${formatSkipped(skipped)}.`);
  return [{ path: stemOf(file), isStem: true, faces: found }];
}

/** @returns null where OpenFace says that it found none */
function toFace(row: Row, count: number): ImportedFace | null {
  if (row.cells.success && Number(row.cells.success) === 0) return null;
  const values = Array.from({ length: count }, (_, i) => {
    const pair = [`x_${i}`, `y_${i}`].map((name) => {
      const cell = row.cells[name] ?? 'NaN';
      if (/^nan$/i.test(cell)) return NaN;
      return 0.5 + parse(numberText, cell, `${row.subject}${row.columnOf(name)} (${name})`);
    });
    return pair.some(Number.isNaN) ? [NaN, NaN] : pair;
  });
  const points = Float32Array.from(values.flat());
  if (presentPoints(points).length === 0) return null;
  const score = Number(row.cells.confidence);
  return { points, ...(score >= 0 && score <= 1 && { score }) };
}

function isOpenFace(columns: readonly string[]): boolean {
  return columns.includes('x_0') && columns.includes('y_0');
}

export const openFace: Format = {
  label: 'OpenFace’s CSV',
  about: 'One table per picture with its faces, as OpenFace’s FaceLandmarkImg writes it.',
  extension: '.csv',
  write: writeOpenFace,
  isLike: (text) => isOpenFace(headingOf(text)),
  read: readOpenFace,
};
