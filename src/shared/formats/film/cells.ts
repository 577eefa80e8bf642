/** Rows of tables of films, and how their numbers are written. */

import Papa from 'papaparse';
import { rounded } from '../names';

export type Cell = string | number;

export function toRow(cells: readonly Cell[]): string {
  return `${Papa.unparse([cells as Cell[]], { newline: '\r\n' })}\r\n`;
}

/** To the microsecond, which tells any two frames apart. */
export const roundedMs = (timeMs: number): number => Number(timeMs.toFixed(3));

export const numberOrEmpty = (value: number | undefined): Cell =>
  value === undefined || !Number.isFinite(value) ? '' : rounded(value);
