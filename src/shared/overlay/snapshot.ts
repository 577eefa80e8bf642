/** A frame with its overlay as a PNG: as shown (mirrored or not), at the size of the frame. */

import type { Face, Scheme } from '../../engine/types';
import { drawOverlay } from './draw';
import type { OverlayStyle } from './style';
import { encodeCanvas } from '../imaging/encode';
import { createMeshCache } from './mesh';
import { viewAffine } from './view';

/** @returns a canvas that holds the frame, mirrored as the view shows it */
export function copyFrame(frame: ImageBitmap, mirrored: boolean): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = frame.width;
  canvas.height = frame.height;
  const context = canvas.getContext('2d');
  if (!context) throw new Error('snapshot: this browser has no 2D canvas');
  if (mirrored) context.setTransform(-1, 0, 0, 1, frame.width, 0);
  context.drawImage(frame, 0, 0);
  context.resetTransform();
  return canvas;
}

/** Draws over a canvas made by `copyFrame` and encodes it. @throws when the browser cannot encode it */
export async function encodeSnapshot(
  canvas: HTMLCanvasElement,
  faces: readonly Face[],
  scheme: Scheme,
  style: OverlayStyle,
  mirrored: boolean,
): Promise<Blob> {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('snapshot: this browser has no 2D canvas');
  const toView = viewAffine(canvas, canvas, 'contain', mirrored);
  drawOverlay(context, faces, scheme, style, toView, createMeshCache());
  return encodeCanvas(canvas, 'image/png');
}

/** `mien-2026-01-31-14-05-09.png`, in local time. */
export function snapshotName(timeMs: number): string {
  const date = new Date(timeMs);
  const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  return `mien-${date.getFullYear()}-${parts.map((part) => String(part).padStart(2, '0')).join('-')}.png`;
}
