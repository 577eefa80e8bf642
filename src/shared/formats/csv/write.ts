import Papa from 'papaparse';
import { pairsOf, pathOf, rounded } from '../names';
import { isMissing } from '../../missing-points';
import type { ExportFace, ExportFile, ExportOptions, ExportPicture } from '../types';
import { faceColumns, placeColumns, pointColumns, type FaceCells } from './schema';

type Row = Record<string, string | number | boolean | undefined>;

function* writeTable(
  name: string,
  columns: string[],
  rows: Row[],
  { bom = false }: ExportOptions,
): Generator<ExportFile> {
  const table = [columns, ...rows.map((row) => columns.map((column) => row[column]))];
  const data = Papa.unparse(table, { newline: '\r\n' });
  yield { name, data: `${bom ? '\ufeff' : ''}${data}\r\n` };
}

/** Columns `x1, y1, spread1, x2, …` up to the largest number of points of any face. */
export function writeWide(pictures: readonly ExportPicture[], options: ExportOptions): Iterable<ExportFile> {
  const counts = pictures.flatMap(({ faces }) => faces.map(({ points }) => points.length / 2));
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  const places = Array.from({ length: most }, (_, i) => Object.keys(numbered({ x: 0, y: 0, spread: 0 }, i)));
  const rows = rowsOf(pictures, (face) => [Object.assign({}, ...placesOf(face).map(numbered)) as Row]);
  const columns = [...Object.keys(faceColumns.entries), ...places.flat()];
  return writeTable('landmarks-wide.csv', columns, rows, options);
}

export function writeLong(pictures: readonly ExportPicture[], options: ExportOptions): Iterable<ExportFile> {
  const columns = Object.keys({ ...faceColumns.entries, ...pointColumns.entries, ...placeColumns.entries });
  const rows = rowsOf(pictures, (face) =>
    placesOf(face).map((place, i) => ({ point: i + 1, name: face.scheme.names[i], ...place })),
  );
  return writeTable('landmarks-long.csv', columns, rows, options);
}

/** The rows of every face: cells of the face, then of its points. */
function rowsOf(pictures: readonly ExportPicture[], pointRowsOf: (face: ExportFace) => Row[]): Row[] {
  return pictures.flatMap((picture) =>
    picture.faces.flatMap((face, index) =>
      pointRowsOf(face).map((row) => ({ ...faceCells(picture, face, index), ...row })),
    ),
  );
}

function faceCells(picture: ExportPicture, face: ExportFace, index: number): FaceCells {
  const { model, scheme, corrected, score } = face;
  const { width, height } = picture;
  const whose = { picture: pathOf(picture), width, height, face: index + 1 };
  return { ...whose, model, scheme: scheme.id, corrected, score: rounded(score) };
}

/** A missing point is `NaN`, as R and pandas read it: an empty cell may also stand beyond the last point of a face. */
function placesOf({ points, spread }: ExportFace): Row[] {
  return pairsOf(points).map(([x, y], i) =>
    isMissing(points, i) ? { x: 'NaN', y: 'NaN' } : { x, y, spread: spread ? rounded(spread[i]) : undefined },
  );
}

/** Appends the number of the point, from 1, to the column names. */
function numbered(place: Row, index: number): Row {
  return Object.fromEntries(
    Object.keys(placeColumns.entries).map((name) => [name + (index + 1), place[name]]),
  );
}
