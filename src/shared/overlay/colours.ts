/** Colours of the overlay. To be visible on every skin tone, they are light and drawn over a dark halo. */

import type { Scheme } from '../../engine/types';

/** One per face, by the id of its track, chosen to be distinct for colour-blind people too. */
const faceColours = ['#7fe3d0', '#ffd27a', '#b9b4ff', '#ff9fb0', '#9fdcff', '#c9ee8a', '#ffb38a', '#f2a6ef'];

/** Common parts of a face have the same colour in every scheme. */
const knownGroups: Readonly<Record<string, number>> = { jaw: 0, brows: 1, nose: 2, eyes: 4, mouth: 3 };

export const haloColour = 'rgb(8 14 18 / 0.5)';

/** @param id of the track, from 1 */
export function faceColour(id: number): string {
  return faceColours[(((id - 1) % faceColours.length) + faceColours.length) % faceColours.length];
}

/** Colour of each point by its group: by name where it is known, else by its position among the unknown groups. */
export function groupColoursOf({ pointCount, groups }: Pick<Scheme, 'pointCount' | 'groups'>): string[] {
  const colours = Array<string>(pointCount).fill(faceColours[0]);
  const unknown = Object.keys(groups).filter((name) => !Object.hasOwn(knownGroups, name));
  for (const [name, indices] of Object.entries(groups)) {
    const place = knownGroups[name] ?? Object.keys(knownGroups).length + unknown.indexOf(name);
    for (const index of indices) colours[index] = faceColour(place + 1);
  }
  return colours;
}

/** Spread at both ends of the colour scale, as a fraction of the longer side of the face (brows to chin). */
export const spreadScale = { sure: 0.01, unsure: 0.06 } as const;

/** 0 at or below `sure`, 1 at or above `unsure`. */
export function uncertaintyOf(spreadPx: number, facePx: number): number {
  const { sure, unsure } = spreadScale;
  const part = (spreadPx / facePx - sure) / (unsure - sure);
  return Number.isFinite(part) ? Math.min(1, Math.max(0, part)) : 1;
}

/** Blue-green (sure) over yellow to red (unsure): distinguishable by lightness too. */
export function spreadColour(part: number): string {
  const hue = 174 - 168 * part;
  const lightness = 74 - 12 * part;
  return `hsl(${hue.toFixed(0)} 85% ${lightness.toFixed(0)}%)`;
}
