/** The parts of a picture that the detector looks at, so that faces of every size come before it at a size it knows. */

import { TRAINED_PX, type Size } from './blazeface';
import type { Pane } from './detector';
import { cropAffine } from './geometry';

/** Clockwise quarter turns by which the faces of a picture lean. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** The narrowest face looked for: so many image px, and no less than this share of the picture's longer side. */
const NARROWEST_FACE_PX = 32;
const NARROWEST_FACE_SHARE = 0.01;
/**
 * Faces this wide in the input are found nearly always, and down to 16 px mostly. Measured on the group pictures of
 * `npm run groups`: at a score of 0.5, 97 % of the faces from 16 to 23 px, all from 23 to 128 px.
 */
const NARROWEST_INPUT_PX = 20;
/** How much larger a picture gets from one level to the next: faces too wide for the one are within reach of the other. */
const MOST_ZOOM = 4;
/** A pane's longest side: a batch of work small enough to stop after. */
const PANE_PX = 512;
/** What neighbouring panes share: the widest face of their level that no coarser level has found. */
const SHARED_PX = 96;
/** Sides of panes are multiples of this, so that GPUs compile few shapes. */
const STEP_PX = 64;

/** Longer side of the picture in input px, level by level; the whole in the network's own size comes first. */
export function levelsOf({ width, height }: Size): number[] {
  const longerPx = Math.max(width, height);
  const narrowestPx = Math.max(NARROWEST_FACE_PX, NARROWEST_FACE_SHARE * longerPx);
  const zoom = Math.max(1, (longerPx * NARROWEST_INPUT_PX) / narrowestPx / TRAINED_PX);
  const steps = Math.ceil(Math.log(zoom) / Math.log(MOST_ZOOM));
  return Array.from({ length: steps + 1 }, (_, i) => TRAINED_PX * zoom ** (steps && i / steps));
}

/**
 * Panes that cover the picture at one level.
 * @param levelPx longer side of the picture in input px. @param turns see `QuarterTurns`; the faces stand upright in the panes.
 */
export function panesOf(picture: Size, levelPx: number, turns: QuarterTurns): Pane[] {
  const scale = levelPx / Math.max(picture.width, picture.height);
  const [across, down] = turns % 2 ? [picture.height, picture.width] : [picture.width, picture.height];
  const columns = spansOf(across * scale);
  const rows = spansOf(down * scale);
  return rows.flatMap((row) => columns.map((column) => paneAt(picture, scale, turns, column, row)));
}

/** Along one axis, input px; the turned picture begins at 0. */
interface Span {
  readonly from: number;
  readonly length: number;
}

/** As few panes as cover `lengthPx` and share enough; a single one is centred. */
export function spansOf(lengthPx: number): Span[] {
  if (lengthPx <= PANE_PX) {
    const length = Math.max(TRAINED_PX, STEP_PX * Math.ceil(lengthPx / STEP_PX));
    return [{ from: (lengthPx - length) / 2, length }];
  }
  const count = Math.ceil((lengthPx - SHARED_PX) / (PANE_PX - SHARED_PX));
  return Array.from({ length: count }, (_, i) => ({
    from: (i * (lengthPx - PANE_PX)) / (count - 1),
    length: PANE_PX,
  }));
}

function paneAt(picture: Size, scale: number, turns: QuarterTurns, column: Span, row: Span): Pane {
  const angleRad = (turns * Math.PI) / 2;
  const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)];
  const [across, down] = turns % 2 ? [picture.height, picture.width] : [picture.width, picture.height];
  const [width, height] = [column.length, row.length];
  // The pane's centre off the picture's, image px of the turned picture.
  const x = (column.from + width / 2) / scale - across / 2;
  const y = (row.from + height / 2) / scale - down / 2;
  const centre = {
    x: picture.width / 2 + cos * x - sin * y,
    y: picture.height / 2 + sin * x + cos * y,
  };
  return { affine: cropAffine(centre, width / scale, height / scale, angleRad), width, height };
}
