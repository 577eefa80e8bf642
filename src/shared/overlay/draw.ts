/** Draws faces over a picture. Pure apart from the canvas it is given: the same faces give the same pixels. */

import { MIN_VISIBLE, apply, largerSide, scaleOf } from '../../engine/geometry';
import type { Affine, Face, Points, Scheme } from '../../engine/types';
import { isMissing, presentPoints } from '../missing-points';
import { drawAxes } from './axes';
import { faceColour, groupColoursOf, haloColour, spreadColour, uncertaintyOf } from './colours';
import { drawGaze } from './gaze';
import type { MeshCache } from './mesh';
import { canDraw, outwardOf, partsOf } from './parts';
import type { OverlayStyle } from './style';

/** A face in CSS px of the view. */
interface ViewFace {
  readonly points: Points<'view'>;
  /** Indices of the points that are not missing: only these are drawn. */
  readonly present: readonly number[];
  /** Which of the points are hidden; none when the model does not tell. */
  readonly hidden: readonly boolean[];
  /** Null when the model does not give it. */
  readonly spreadPx: Float32Array | null;
  readonly colour: string;
  /** Colour of each point by its spread or its group, or null when the face has one colour. */
  readonly pointColours: readonly string[] | null;
  /** 1 for a face of 100 px from brows to chin; lines and dots grow and shrink with it. */
  readonly weight: number;
}

type Context = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D;
type Segments = readonly (readonly [number, number])[];

function toViewFace(
  face: Face,
  style: OverlayStyle,
  toView: Affine<'image', 'view'>,
  groupColours: readonly string[],
): ViewFace {
  const { spread } = face;
  const scale = scaleOf(toView);
  const facePx = largerSide(face.box);
  const byGroup = style.groups && !style.colour ? groupColours : null;
  const bySpread = () => spread && Array.from(spread, (px) => spreadColour(uncertaintyOf(px, facePx)));
  return {
    points: apply(toView, face.points),
    hidden: Array.from(face.visible ?? [], (share) => share < MIN_VISIBLE),
    spreadPx: spread && spread.map((px) => px * scale),
    colour: style.colour ?? faceColour(face.id),
    pointColours: (style.spread === 'colour' ? bySpread() : null) ?? byGroup,
    present: presentPoints(face.points),
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

function drawSegments(context: Context, face: ViewFace, all: Segments, widthPx: number): void {
  const segments = all.filter((ends) => !ends.some((i) => isMissing(face.points, i)));
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

/** Discs; rings where a point is hidden. */
function drawDots(context: Context, face: ViewFace, radiusPx: number): void {
  const { points, present, hidden, pointColours, colour } = face;
  for (const i of present) {
    context.beginPath();
    context.arc(points[2 * i], points[2 * i + 1], radiusPx, 0, 2 * Math.PI);
    context.lineWidth = 1.5;
    context.strokeStyle = haloColour;
    context.stroke();
    const own = pointColours?.[i] ?? colour;
    if (hidden[i]) {
      context.lineWidth = 1;
      context.strokeStyle = own;
      context.stroke();
      continue;
    }
    context.fillStyle = own;
    context.fill();
  }
}

/** Discs whose radius is the spread, at true scale. */
function drawSpread(context: Context, face: ViewFace, spreadPx: Float32Array): void {
  context.fillStyle = face.colour;
  context.strokeStyle = face.colour;
  context.lineWidth = 1;
  for (const i of face.present) {
    context.beginPath();
    context.arc(face.points[2 * i], face.points[2 * i + 1], spreadPx[i], 0, 2 * Math.PI);
    context.globalAlpha = 0.28;
    context.fill();
    context.globalAlpha = 0.8;
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawNumbers(context: Context, face: ViewFace, scheme: Scheme): void {
  const outward = outwardOf(face.points, partsOf(scheme));
  const sizePx = Math.round(Math.min(13, Math.max(7, 7 * face.weight)));
  context.font = `600 ${sizePx}px ui-sans-serif, system-ui, sans-serif`;
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  context.lineWidth = 2.5;
  context.strokeStyle = 'rgb(8 14 18 / 0.75)';
  context.fillStyle = '#ffffff';
  for (const i of face.present) {
    const x = face.points[2 * i] + sizePx * outward[2 * i];
    const y = face.points[2 * i + 1] + sizePx * outward[2 * i + 1];
    // Counted from 1, as is usual: 1 to 68.
    context.strokeText(String(i + 1), x, y);
    context.fillText(String(i + 1), x, y);
  }
}

/** The distinct sides of all triangles. */
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
 * @param context its unit is one CSS px of the view; it is not cleared
 * @param meshes caches triangles between frames
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
    const viewFace = toViewFace(face, style, toView, groupColours);
    if (overlay === 'mesh') {
      const triangles = meshes.trianglesOf(face.id, face.points);
      drawSegments(context, viewFace, sidesOf(triangles), 0.7 * viewFace.weight);
    }
    if (overlay === 'contours') drawSegments(context, viewFace, scheme.edges, 1.6 * viewFace.weight);
    if (style.spread === 'size' && viewFace.spreadPx) drawSpread(context, viewFace, viewFace.spreadPx);
    drawDots(context, viewFace, (overlay === 'points' ? 2.4 : 1.5) * viewFace.weight);
    if (style.numbers) drawNumbers(context, viewFace, scheme);
    if (style.axes) drawAxes(context, face, toView);
    if (style.gaze) drawGaze(context, face, toView);
  }
}
