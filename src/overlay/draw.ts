/** Draws faces over a picture. Pure apart from the canvas it is given: the same faces give the same pixels. */

import { apply, largerSide, scaleOf } from '../engine/geometry';
import type { Affine, Face, Points, Scheme } from '../engine/types';
import type { OverlayKind, SpreadStyle } from '../storage/settings';
import { faceColour, groupColoursOf, haloColour, spreadColour, unsureness } from './colours';
import type { MeshCache } from './mesh';
import { canDraw, outwardOf, partsOf } from './parts';

export interface OverlayStyle {
  readonly overlay: OverlayKind;
  readonly numbers: boolean;
  readonly spread: SpreadStyle;
  /** Each group of points in a colour of its own, rather than each face; the colours of spread come before these. Default: no. */
  readonly groups?: boolean;
  /** Of all faces and their parts; left out, each face or group has a colour of its own. */
  readonly colour?: string;
}

/** A face with everything measured in CSS px of the view. */
interface SeenFace {
  readonly points: Points<'view'>;
  /** Null when the model does not tell it. */
  readonly spreadPx: Float32Array | null;
  readonly colour: string;
  /** Colour of each point by its spread or its group, or null when the face has one colour. */
  readonly pointColours: readonly string[] | null;
  /** 1 for a face of 100 px from brows to chin; lines and dots grow and shrink with it. */
  readonly weight: number;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Segments = readonly (readonly [number, number])[];

function see(
  face: Face,
  style: OverlayStyle,
  toView: Affine<'image', 'view'>,
  groupColours: readonly string[],
): SeenFace {
  const { spread } = face;
  const scale = scaleOf(toView);
  const facePx = largerSide(face.box);
  const byGroup = style.groups && !style.colour ? groupColours : null;
  const bySpread = () => spread && Array.from(spread, (px) => spreadColour(unsureness(px, facePx)));
  return {
    points: apply(toView, face.points),
    spreadPx: spread && spread.map((px) => px * scale),
    colour: style.colour ?? faceColour(face.id),
    pointColours: (style.spread === 'colour' ? bySpread() : null) ?? byGroup,
    weight: Math.min(2, Math.max(0.6, Math.sqrt((facePx * scale) / 100))),
  };
}

function strokeSegments(context: Context, points: Points<'view'>, segments: Segments): void {
  context.beginPath();
  for (const [i, j] of segments) {
    context.moveTo(points[2 * i], points[2 * i + 1]);
    context.lineTo(points[2 * j], points[2 * j + 1]);
  }
  context.stroke();
}

function drawSegments(context: Context, face: SeenFace, segments: Segments, widthPx: number): void {
  context.lineCap = 'round';
  context.lineWidth = widthPx + 1.5;
  context.strokeStyle = haloColour;
  strokeSegments(context, face.points, segments);
  context.lineWidth = widthPx;
  if (!face.pointColours) {
    context.strokeStyle = face.colour;
    strokeSegments(context, face.points, segments);
    return;
  }
  for (const segment of segments) {
    const [[x0, y0], [x1, y1]] = segment.map((i) => [face.points[2 * i], face.points[2 * i + 1]]);
    const gradient = context.createLinearGradient(x0, y0, x1, y1);
    gradient.addColorStop(0, face.pointColours[segment[0]]);
    gradient.addColorStop(1, face.pointColours[segment[1]]);
    context.strokeStyle = gradient;
    strokeSegments(context, face.points, [segment]);
  }
}

function drawDots(context: Context, face: SeenFace, radiusPx: number): void {
  const { points, pointColours, colour } = face;
  for (let i = 0; 2 * i < points.length; i++) {
    context.beginPath();
    context.arc(points[2 * i], points[2 * i + 1], radiusPx, 0, 2 * Math.PI);
    context.lineWidth = 1.5;
    context.strokeStyle = haloColour;
    context.stroke();
    context.fillStyle = pointColours?.[i] ?? colour;
    context.fill();
  }
}

/** Discs as wide as the network thinks it may be wrong, at true scale. */
function drawSpread(context: Context, face: SeenFace, spreadPx: Float32Array): void {
  context.fillStyle = face.colour;
  context.strokeStyle = face.colour;
  context.lineWidth = 1;
  for (let i = 0; 2 * i < face.points.length; i++) {
    context.beginPath();
    context.arc(face.points[2 * i], face.points[2 * i + 1], spreadPx[i], 0, 2 * Math.PI);
    context.globalAlpha = 0.28;
    context.fill();
    context.globalAlpha = 0.8;
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawNumbers(context: Context, face: SeenFace, scheme: Scheme): void {
  const outward = outwardOf(face.points, partsOf(scheme));
  const sizePx = Math.round(Math.min(13, Math.max(7, 7 * face.weight)));
  context.font = `600 ${sizePx}px ui-sans-serif, system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 2.5;
  context.strokeStyle = 'rgb(8 14 18 / 0.75)';
  context.fillStyle = '#ffffff';
  for (let i = 0; 2 * i < face.points.length; i++) {
    const x = face.points[2 * i] + sizePx * outward[2 * i];
    const y = face.points[2 * i + 1] + sizePx * outward[2 * i + 1];
    // As the field counts them: 1 to 68.
    context.strokeText(String(i + 1), x, y);
    context.fillText(String(i + 1), x, y);
  }
}

/** Each side of each triangle once. */
function sidesOf(triangles: Uint32Array): Segments {
  const sides = new Map<number, readonly [number, number]>();
  for (let at = 0; at < triangles.length; at++) {
    const next = at % 3 === 2 ? at - 2 : at + 1;
    const [low, high] = [triangles[at], triangles[next]].sort((a, b) => a - b);
    sides.set(low * 65536 + high, [low, high]);
  }
  return [...sides.values()];
}

/**
 * @param context its unit is one CSS px of the view; what is there already stays
 * @param meshes keeps triangles from frame to frame
 */
export function drawOverlay(
  context: Context,
  faces: readonly Face[],
  scheme: Scheme,
  style: OverlayStyle,
  toView: Affine<'image', 'view'>,
  meshes: MeshCache,
): void {
  const groupColours = groupColoursOf(scheme);
  const overlay = canDraw(style.overlay, scheme) ? style.overlay : 'points';
  meshes.keepOnly(faces.map((face) => face.id));
  for (const face of faces) {
    const seen = see(face, style, toView, groupColours);
    if (overlay === 'mesh') {
      const triangles = meshes.trianglesOf(face.id, face.points);
      drawSegments(context, seen, sidesOf(triangles), 0.7 * seen.weight);
    }
    if (overlay === 'contours') drawSegments(context, seen, scheme.edges, 1.6 * seen.weight);
    if (style.spread === 'size' && seen.spreadPx) drawSpread(context, seen, seen.spreadPx);
    drawDots(context, seen, (overlay === 'points' ? 2.4 : 1.5) * seen.weight);
    if (style.numbers) drawNumbers(context, seen, scheme);
  }
}
