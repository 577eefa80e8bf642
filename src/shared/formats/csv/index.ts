/**
 * Tables (RFC 4180): wide has a row per face, long a row per point. Coordinates are px of the full-size picture from its
 * top-left corner, as in JSON; points and faces count from 1. A missing point is `NaN`; cells of a spread that the model does not give are empty.
 */

import type { Format } from '../types';
import { readLong, readWide } from './read';
import { headingOf } from './rows';
import { writeLong, writeWide } from './write';

export const csvWide: Format = {
  label: 'CSV, a row per face',
  about: 'One table with the points of a face side by side.',
  extension: '.csv',
  otherExtensions: ['.tsv'],
  write: writeWide,
  isLike: (text) => headingOf(text).some((name) => name.toLowerCase() === 'x1'),
  read: readWide,
};

export const csvLong: Format = {
  label: 'CSV, a row per point',
  about: 'One table with a point in each row, as statistics programs expect it.',
  extension: '.csv',
  otherExtensions: ['.tsv'],
  write: writeLong,
  isLike: (text) => headingOf(text).some((name) => name.toLowerCase() === 'point'),
  read: readLong,
};
