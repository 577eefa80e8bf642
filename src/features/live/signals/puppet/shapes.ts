/** The puppet as shapes on a canvas, in the order in which they are drawn; in units of half a head's width about its middle. */

import { headShapes, JAW_ASIDE } from './head';
import type { PuppetLook, SideLook } from './look';
import type { PuppetShape } from './shape';
import { facing, outlineOf, project, surface, type Solid, type Spot, type Turn } from './solid';

/** Its own left is at x > 0. */
const sides = [
  ['left', 1],
  ['right', -1],
] as const;

export function puppetShapes(look: PuppetLook): PuppetShape[] {
  const { turn } = look;
  const { behind, face, before } = headShapes(look);
  const features = [
    ...sides.flatMap(([name, sign]) => sideShapes(look, look[name], sign)),
    ...mouthShapes(look),
  ];
  const inFace = features.map((shape) => ({ ...shape, within: shape.within ?? face.spots }));
  return [...behind, face, ...inFace, noseShape(turn), ...before];
}

const placed = (turn: Turn, solids: readonly Solid[]) => solids.map((solid) => project(turn, solid));

/** −1..1 in equal steps. */
const steps = (count: number) => Array.from({ length: count + 1 }, (_, i) => (2 * i) / count - 1);

function ellipse(turn: Turn, x: number, y: number, radiusX: number, radiusY: number): Spot[] {
  return Array.from({ length: 20 }, (_, i) => {
    const around = (Math.PI * i) / 10;
    return project(turn, surface(x + radiusX * Math.cos(around), y + radiusY * Math.sin(around)));
  });
}

const EYE = { x: 0.42, y: 0.12, halfWidth: 0.2, upper: 0.16, lower: 0.07, shutAt: -0.04 };
/** The iris of eyes that look ahead, and how far it goes for those that look all the way to a side. */
const IRIS = { y: EYE.y + 0.03, radius: 0.1, way: 0.2 };

function sideShapes(
  { turn, gaze: [aside, up], puff }: PuppetLook,
  { eye, browInner, browOuter, cheek }: SideLook,
  sign: 1 | -1,
): PuppetShape[] {
  if (facing(turn, surface(sign * EYE.x, EYE.y)) < 0.12) return [];
  const lid = (height: number) =>
    placed(
      turn,
      steps(12).map((t) =>
        surface(
          sign * EYE.x + EYE.halfWidth * t,
          EYE.y + (1 - t * t) * (EYE.shutAt * (1 - eye) + height * eye),
        ),
      ),
    );
  const [upper, lower] = [lid(EYE.upper), lid(-EYE.lower)];
  const outline = [...upper, ...[...lower].reverse()];
  const [irisX, irisY] = [sign * EYE.x + IRIS.way * aside, IRIS.y + IRIS.way * up];
  const brow = [
    [0.17, 0.42 + 0.15 * browInner],
    [0.34, 0.48 + 0.07 * (browInner + browOuter)],
    [0.52, 0.48 + 0.05 * browInner + 0.1 * browOuter],
    [0.68, 0.42 + 0.12 * browOuter],
  ].map(([x, y]) => surface(sign * x, y));
  return [
    {
      part: 'cheek',
      spots: ellipse(
        turn,
        sign * (0.56 + 0.06 * puff),
        -0.3 + 0.05 * cheek - 0.14 * puff,
        0.1 + 0.09 * Math.max(cheek, puff),
        0.06 + 0.06 * cheek + 0.12 * puff,
      ),
    },
    { part: 'eye', spots: outline },
    { part: 'iris', spots: ellipse(turn, irisX, irisY, IRIS.radius, IRIS.radius), within: outline },
    { part: 'lid', spots: upper, widths: 0.045 },
    { part: 'brow', spots: placed(turn, brow), widths: 0.085 },
  ];
}

/** `way`: how far it goes to a side. */
const MOUTH = { y: -0.62, halfWidth: 0.33, upperLip: 0.055, lowerLip: 0.075, lift: 0.15, way: 0.2 };

function mouthShapes(look: PuppetLook): PuppetShape[] {
  const { turn, left, right, mouthOpening, mouthWidth, mouthAside, jawAside, pucker } = look;
  if (facing(turn, surface(0, MOUTH.y)) < 0.05) return [];
  const middle = MOUTH.way * mouthAside + 0.7 * JAW_ASIDE * jawAside;
  const halfWidth = MOUTH.halfWidth * mouthWidth * (1 - 0.35 * pucker);
  const gap = 2 * MOUTH.halfWidth * mouthOpening;
  const fullness = 1 + 0.7 * pucker;
  /** @param height of the middle over the line from corner to corner */
  const lip = (height: number) =>
    placed(
      turn,
      steps(14).map((t) => {
        // The own left corner is at t = 1. A lift bends the ends more than the middle.
        const corner = MOUTH.lift * (t > 0 ? left.corner : right.corner) * t * t;
        return surface(middle + halfWidth * t, MOUTH.y + corner + height * (1 - t * t));
      }),
    );
  // The jaw does most of the opening.
  const [top, bottom] = [0.2 * gap, -0.8 * gap];
  const close = (above: Spot[], below: Spot[]) => [...above, ...[...below].reverse()];
  const inner = close(lip(top), lip(bottom));
  const outer = close(lip(top + MOUTH.upperLip * fullness), lip(bottom - MOUTH.lowerLip * fullness));
  const inside: PuppetShape[] =
    gap > 0.03
      ? [
          { part: 'mouth', spots: inner },
          {
            part: 'tongue',
            spots: ellipse(turn, middle, MOUTH.y - gap, 0.55 * halfWidth, 0.45 * gap),
            within: inner,
          },
          { part: 'teeth', spots: close(lip(top), lip(top - Math.min(0.09, 0.4 * gap))), within: inner },
        ]
      : [{ part: 'mouth', spots: lip(0), widths: 0.025 }];
  return [{ part: 'lips', spots: outer }, ...inside];
}

/** Stands out, so that it shows where the face looks; seen from the side it leaves the outline of the face. */
function noseShape(turn: Turn): PuppetShape {
  const out = (x: number, y: number, by: number): Solid => {
    const [, , z] = surface(x, y);
    return [x, y, z + by];
  };
  const tip = [-0.09, -0.03, 0.03, 0.09].map((x) => out(x, -0.24 + 0.02 * Math.cos(20 * x), 0.3));
  const solids = [out(-0.05, 0.1, 0.02), out(0.05, 0.1, 0.02), ...tip];
  const wings = [out(-0.15, -0.31, 0.06), out(0.15, -0.31, 0.06), out(0, -0.34, 0.14)];
  return { part: 'nose', spots: outlineOf(placed(turn, [...solids, ...wings])) };
}
