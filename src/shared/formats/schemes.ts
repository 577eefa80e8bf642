import type { Scheme } from '../../engine/types';
import type { ExportPicture } from './types';

/** The distinct schemes of all faces, in order of first appearance. */
export function schemesOf(pictures: readonly ExportPicture[]): Scheme[] {
  const schemes = pictures.flatMap(({ faces }) => faces.map(({ scheme }) => scheme));
  return [...new Map(schemes.map((scheme) => [scheme.id, scheme])).values()];
}
