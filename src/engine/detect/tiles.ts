/** The parts of a picture that the detector reads, so that faces of every size reach it at a size it was trained on. */

import { TRAINED_PX, type Size } from './blazeface';
import { cropAffine } from '../geometry';
import type { Affine } from '../types';

/** A part of a picture, and the size at which the network reads it, in multiples of 16 px. */
export interface Tile extends Size {
  readonly affine: Affine<'image', 'crop'>;
}

/** Clockwise quarter turns by which the faces of a picture are rolled. */
export type QuarterTurns = 0 | 1 | 2 | 3;

/** The narrowest face searched for: so many image px, and no less than this share of the picture's longer side. */
const NARROWEST_FACE_PX = 32;
const NARROWEST_FACE_SHARE = 0.01;
/**
 * Faces this wide in the input are found nearly always, and down to 16 px mostly. Measured on the group pictures of
 * `npm run groups`: at a score of 0.5, 97 % of the faces from 16 to 23 px, all from 23 to 128 px.
 */
const NARROWEST_INPUT_PX = 20;
/** How much larger a picture gets from one level to the next: faces too wide for the one are within reach of the other. */
const MAX_ZOOM = 4;
/** A tile's longest side: small enough that an abort need not wait long. */
const TILE_PX = 512;
/** What neighbouring tiles share: the widest face of their level that no coarser level has found. */
const SHARED_PX = 96;
/** Sides of tiles are multiples of this, so that GPUs compile few shapes. */
const STEP_PX = 64;

/** Longer side of the picture in input px, level by level; the whole in the network's own size comes first. */
export function levelsOf({ width, height }: Size): number[] {
  const longerPx = Math.max(width, height);
  const narrowestPx = Math.max(NARROWEST_FACE_PX, NARROWEST_FACE_SHARE * longerPx);
  const zoom = Math.max(1, (longerPx * NARROWEST_INPUT_PX) / narrowestPx / TRAINED_PX);
  const steps = Math.ceil(Math.log(zoom) / Math.log(MAX_ZOOM));
  return Array.from({ length: steps + 1 }, (_, i) => TRAINED_PX * zoom ** (steps && i / steps));
}

/**
 * Tiles that cover the picture at one level.
 * @param levelPx longer side of the picture in input px. @param turns see `QuarterTurns`; the faces stand upright in the tiles.
 */
export function tilesOf(picture: Size, levelPx: number, turns: QuarterTurns): Tile[] {
  const scale = levelPx / Math.max(picture.width, picture.height);
  const [across, down] = turns % 2 ? [picture.height, picture.width] : [picture.width, picture.height];
  const columns = spansOf(across * scale);
  const rows = spansOf(down * scale);
  return rows.flatMap((row) => columns.map((column) => tileAt(picture, scale, turns, column, row)));
}

/** Along one axis, input px; the turned picture begins at 0. */
interface Span {
  readonly from: number;
  readonly length: number;
}

/** As few tiles as cover `lengthPx` and share enough; a single one is centred. */
export function spansOf(lengthPx: number): Span[] {
  if (lengthPx <= TILE_PX) {
    const length = Math.max(TRAINED_PX, STEP_PX * Math.ceil(lengthPx / STEP_PX));
    return [{ from: (lengthPx - length) / 2, length }];
  }
  return cover(lengthPx, TILE_PX, SHARED_PX);
}

/** As few spans of `tilePx` as cover `lengthPx` and share enough; a single one is centred. */
function cover(lengthPx: number, tilePx: number, sharedPx: number): Span[] {
  if (lengthPx <= tilePx) return [{ from: (lengthPx - tilePx) / 2, length: tilePx }];
  const count = Math.ceil((lengthPx - sharedPx) / (tilePx - sharedPx));
  return Array.from({ length: count }, (_, i) => ({
    from: (i * (lengthPx - tilePx)) / (count - 1),
    length: tilePx,
  }));
}

/**
 * Width of a live frame looked at from closer, and what the tiles of the trained size that cover it share, input px: a face of
 * 6 % of the width is 17 px wide there, one of 16 % is wide enough in the whole of a frame that lies. Six tiles cover a frame of
 * 4:3 or 16:9, 12 an upright one of 3:4, 18 one of 9:16.
 */
const CLOSE_PX = 280;
const CLOSE_SHARED_PX = 44;

/** The whole picture, padded to a square: the network was not trained on stretched faces. */
export function wholeTile(picture: Size): Tile {
  return tilesOf(picture, TRAINED_PX, 0)[0];
}

/** Tiles that show a live frame from closer than as a whole, all of the size the network was trained on. */
export function closeTilesOf(picture: Size): Tile[] {
  const scale = CLOSE_PX / picture.width;
  const [columns, rows] = [picture.width, picture.height].map((sidePx) =>
    cover(sidePx * scale, TRAINED_PX, CLOSE_SHARED_PX),
  );
  return rows.flatMap((row) => columns.map((column) => tileAt(picture, scale, 0, column, row)));
}

function tileAt(picture: Size, scale: number, turns: QuarterTurns, column: Span, row: Span): Tile {
  const angleRad = (turns * Math.PI) / 2;
  const [cos, sin] = [Math.cos(angleRad), Math.sin(angleRad)];
  const [across, down] = turns % 2 ? [picture.height, picture.width] : [picture.width, picture.height];
  const [width, height] = [column.length, row.length];
  // The tile's centre off the picture's, image px of the turned picture.
  const x = (column.from + width / 2) / scale - across / 2;
  const y = (row.from + height / 2) / scale - down / 2;
  const centre = {
    x: picture.width / 2 + cos * x - sin * y,
    y: picture.height / 2 + sin * x + cos * y,
  };
  return { affine: cropAffine(centre, width / scale, height / scale, angleRad), width, height };
}
