/** The puppet's head in space: its own units (half a head's width), x to the right of the picture, y up, z to the viewer. */

import { rotationOf, type Angles } from '../../../../engine/signals/rotation';

export type Solid = readonly [x: number, y: number, z: number];
/** On the canvas, in the same units: y down, and how far to the front. */
export interface Spot {
  readonly x: number;
  readonly y: number;
  readonly depth: number;
}

/** By rows. */
export type Turn = readonly [Solid, Solid, Solid];

export const upright: Turn = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];

/** As the head is seen in the picture: the matrix of a pose would add where in the picture it is. */
export function turnOf(pose: Angles): Turn {
  const [a, b, c, d, e, f, g, h, i] = rotationOf(pose);
  return [
    [a, b, c],
    [d, e, f],
    [g, h, i],
  ];
}

/** Where eyes look, in the axes of the head. Their angles are those of the picture, as the head's are. */
export function inHead(turn: Turn, { yawDeg, pitchDeg }: Pick<Angles, 'yawDeg' | 'pitchDeg'>): Solid {
  const [, , forward] = columnsOf(turnOf({ yawDeg, pitchDeg, rollDeg: 0 }));
  const [x, y, z] = columnsOf(turn);
  return [dot(x, forward), dot(y, forward), dot(z, forward)];
}

/** Where each of the head's axes points in the picture. */
const columnsOf = ([top, middle, bottom]: Turn) =>
  ([0, 1, 2] as const).map((at): Solid => [top[at], middle[at], bottom[at]]);

const dot = ([a, b, c]: Solid, [x, y, z]: Solid) => a * x + b * y + c * z;

/** Of the eye that looks at the puppet: near enough for a nose to stand out. */
const EYE_DISTANCE = 7;

/** About the middle of the head. */
export function project(turn: Turn, solid: Solid): Spot {
  const depth = dot(turn[2], solid);
  const scale = EYE_DISTANCE / (EYE_DISTANCE - depth);
  return { x: scale * dot(turn[0], solid), y: -scale * dot(turn[1], solid), depth };
}

/** How far the front of the face stands out there; features lie on it. */
export function surface(x: number, y: number): Solid {
  const rest = 1 - (x / 1.1) ** 2 - ((y + 0.05) / 1.55) ** 2;
  return [x, y, 0.98 * Math.sqrt(Math.max(0.02, rest))];
}

/** Below 0 on the side of the head that is turned away, for a place on the front of the face. */
export function facing(turn: Turn, [x, y, z]: Solid): number {
  // Normal of the ellipsoid that `surface` is part of.
  return dot(turn[2], [x / 1.21, y / 2.4, z / 0.96]);
}

/** The smallest convex outline around the spots, counter-clockwise on the canvas (Andrew's monotone chain). */
export function outlineOf(spots: readonly Spot[]): Spot[] {
  const sorted = [...spots].sort((one, other) => one.x - other.x || one.y - other.y);
  const half = (order: readonly Spot[]) => {
    const chain: Spot[] = [];
    for (const spot of order) {
      while (chain.length > 1 && !turnsLeft(chain[chain.length - 2], chain[chain.length - 1], spot))
        chain.pop();
      chain.push(spot);
    }
    return chain.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

const turnsLeft = (a: Spot, b: Spot, c: Spot) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x) > 0;

/** Spots all over an ellipsoid, for its outline. */
export function ellipsoid(centre: Solid, radii: Solid): Solid[] {
  const solids: Solid[] = [];
  for (let row = 0; row <= 12; row++) {
    const polar = (Math.PI * row) / 12;
    for (let column = 0; column < 24; column++) {
      const around = (Math.PI * column) / 12;
      const direction: Solid = [
        Math.sin(polar) * Math.cos(around),
        Math.cos(polar),
        Math.sin(polar) * Math.sin(around),
      ];
      solids.push([
        centre[0] + radii[0] * direction[0],
        centre[1] + radii[1] * direction[1],
        centre[2] + radii[2] * direction[2],
      ]);
    }
  }
  return solids;
}
