/** Draws the newest result in its own animation loop, and only when something visible has changed. */

import type { Result, Scheme } from '../../engine/types';
import { drawOverlay } from './draw';
import type { OverlayStyle } from './style';
import { createMeshCache } from './mesh';
import { viewAffine, type Fit } from './view';

export interface OverlayScene {
  readonly result: Result | null;
  readonly scheme: Scheme | null;
  readonly style: OverlayStyle;
  readonly mirrored: boolean;
}

/** @throws when the canvas has no 2D context */
function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('overlay: this browser has no 2D canvas');
  return context;
}

/**
 * @param canvas covers the picture; its CSS object-fit says how the picture is fitted into it
 * @param sceneOf called before every repaint of the screen
 * @param onDraw called with how long drawing took
 * @returns a function that stops the loop
 */
export function startOverlay(
  canvas: HTMLCanvasElement,
  sceneOf: () => OverlayScene,
  onDraw: (ms: number, atMs: number) => void,
): () => void {
  const context = contextOf(canvas);
  const meshes = createMeshCache();
  let drawn: readonly unknown[] = [];
  let handle = 0;

  function draw(scene: OverlayScene, width: number, height: number, ratio: number): void {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    const { result, scheme, style, mirrored } = scene;
    if (!result || !scheme) return;
    const fit: Fit = getComputedStyle(canvas).objectFit === 'cover' ? 'cover' : 'contain';
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    drawOverlay(
      context,
      result.faces,
      scheme,
      style,
      viewAffine(result, { width, height }, fit, mirrored),
      meshes,
    );
  }

  const next = () => {
    handle = requestAnimationFrame(next);
    const scene = sceneOf();
    const { clientWidth: width, clientHeight: height } = canvas;
    const ratio = window.devicePixelRatio || 1;
    const inputs = [scene.result, scene.scheme, scene.style, scene.mirrored, width, height, ratio];
    if (!width || !height || inputs.every((value, i) => value === drawn[i])) return;
    drawn = inputs;
    const startedMs = performance.now();
    draw(scene, width, height, ratio);
    const endedMs = performance.now();
    if (scene.result) onDraw(endedMs - startedMs, endedMs);
  };
  handle = requestAnimationFrame(next);
  return () => cancelAnimationFrame(handle);
}
