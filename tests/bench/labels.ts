/** Faces whose expressions were labelled by eye: `labels.csv` and `rest-labels.csv` of `training/mien/signals`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Papa from 'papaparse';
import { root } from '../e2e/browser';
import type { LabelledFace } from './labelled-face';

const folder = join(root, 'training', 'mien', 'signals');

type Row = Record<string, string | undefined>;

/** The movement of the row that has a person's face at rest. */
const REST = 'rest';

/** A face, and the same person's at rest in another picture. */
export interface PairedFace extends LabelledFace {
  readonly rest: LabelledFace;
}

/** @returns each face once, however many of its movements are labelled. @throws naming the line that cannot be read. */
export function parseLabels(text: string): LabelledFace[] {
  return [...new Map(rowsOf(text).map(({ face }) => [keyOf(face), face])).values()];
}

/** @returns each face once, but those at rest. @throws naming the line that cannot be read, and a person without one at rest. */
export function parseRestLabels(text: string): PairedFace[] {
  const rows = rowsOf(text);
  const rests = new Map(
    rows.filter(({ row }) => row.movement === REST).map(({ row, face }) => [row.person, face]),
  );
  const pairs = new Map<string, PairedFace>();
  for (const { row, face } of rows) {
    if (row.movement === REST) continue;
    const rest = rests.get(row.person);
    if (!rest) throw new Error(`labels: ${row.person} has no face at rest`);
    pairs.set(keyOf(face), { ...face, rest });
  }
  return [...pairs.values()];
}

const keyOf = ({ picture, x, y }: LabelledFace): string => `${picture} ${x} ${y}`;

function rowsOf(text: string): { row: Row; face: LabelledFace }[] {
  const { data } = Papa.parse<Row>(text, { header: true, skipEmptyLines: true });
  return data.map((row, i) => {
    const face = { picture: row.picture ?? '', x: Number(row.x), y: Number(row.y), size: Number(row.size) };
    if (!row.picture || ![face.x, face.y, face.size].every(Number.isFinite))
      throw new Error(`labels, line ${i + 2}: has no picture, x, y and size`);
    return { row, face };
  });
}

export const readLabels = async (): Promise<LabelledFace[]> =>
  parseLabels(await readFile(join(folder, 'labels.csv'), 'utf8'));

export const readRestLabels = async (): Promise<PairedFace[]> =>
  parseRestLabels(await readFile(join(folder, 'rest-labels.csv'), 'utf8'));
