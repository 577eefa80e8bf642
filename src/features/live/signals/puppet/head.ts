/** The puppet's head without its features: what lies behind the face, the face itself, and what lies before it. */

import type { PuppetLook } from './look';
import type { PuppetShape } from './shape';
import { ellipsoid, outlineOf, project, surface, type Solid } from './solid';

/**
 * Half of the edge of the face from the temple to the chin; the other half mirrors it. `jaw` and `cheek`: how much of the way
 * of the jaw, and of a puffed cheek, it goes.
 */
const edge: readonly { readonly at: Solid; readonly jaw: number; readonly cheek: number }[] = [
  { at: [0.85, 0.68, 0.2], jaw: 0, cheek: 0 },
  { at: [0.95, 0.4, 0.05], jaw: 0, cheek: 0 },
  { at: [0.97, 0.1, 0], jaw: 0, cheek: 0.1 },
  { at: [0.93, -0.25, 0.02], jaw: 0, cheek: 0.7 },
  { at: [0.82, -0.58, 0.1], jaw: 0.2, cheek: 1 },
  { at: [0.6, -0.88, 0.28], jaw: 0.7, cheek: 0.6 },
  { at: [0.32, -1.08, 0.45], jaw: 1, cheek: 0.1 },
  { at: [0, -1.14, 0.52], jaw: 1, cheek: 0 },
];
/** What stands out before the edge, so that a turned face keeps its outline. */
const front: readonly Solid[] = [
  // The hairline: what is above belongs to the skull.
  ...[-0.55, -0.3, 0, 0.3, 0.55].map((x) => surface(x, 0.84 - 0.3 * x * x)),
  ...[0.6, 0.3, 0, -0.35, -0.7].flatMap((y) => [-0.6, -0.3, 0, 0.3, 0.6].map((x) => surface(x, y))),
];
const skull = ellipsoid([0, 0.33, -0.2], [1.06, 1.06, 1.08]);
/** How far the chin falls with a mouth open as far as it is wide, and how far it goes to a side. */
const JAW_WAY = 0.5;
export const JAW_ASIDE = 0.2;
const PUFF_WAY = 0.18;

export function headShapes({ turn, mouthOpening, jawAside, puff }: PuppetLook) {
  const placed = (solids: readonly Solid[]) => solids.map((solid) => project(turn, solid));
  const moved = edge.flatMap(({ at: [x, y, z], jaw, cheek }) => {
    const low = y - JAW_WAY * mouthOpening * jaw;
    const aside = JAW_ASIDE * jawAside * jaw;
    const out = x + PUFF_WAY * puff * cheek;
    return [
      [out + aside, low, z],
      [-out + aside, low, z],
    ] as Solid[];
  });
  const face: PuppetShape = { part: 'face', spots: outlineOf(placed([...moved, ...front])) };
  const ears = ([1, -1] as const).map((side): PuppetShape & { readonly isNear: boolean } => ({
    part: 'ear',
    spots: placed(earAt(side)),
    isNear: side * turn[2][0] > 0.3,
  }));
  const neck: PuppetShape = { part: 'neck', spots: neckSpots };
  const hair: PuppetShape = { part: 'hair', spots: outlineOf(placed(skull)) };
  return {
    behind: [neck, ...ears.filter(({ isNear }) => !isNear), hair],
    face,
    before: ears.filter(({ isNear }) => isNear),
  };
}

/** Ears stand out, so that they are seen from the front as well. */
function earAt(side: 1 | -1): Solid[] {
  return Array.from({ length: 16 }, (_, i) => {
    const around = (Math.PI * i) / 8;
    const out = 0.18 * Math.cos(around);
    return [side * (1 + 0.7 * out), 0.02 + 0.24 * Math.sin(around), -0.12 - 0.7 * out];
  });
}

/** Does not turn: the head turns on it. */
const neckSpots = (
  [
    [-0.42, 0.6],
    [-0.4, 1.2],
    [-0.55, 1.45],
    [-1.1, 1.62],
    [-1.35, 2],
    [1.35, 2],
    [1.1, 1.62],
    [0.55, 1.45],
    [0.4, 1.2],
    [0.42, 0.6],
  ] as const
).map(([x, y]) => ({ x, y, depth: -1 }));
