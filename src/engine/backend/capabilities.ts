/** What this thread's GPU can do, probed without loading tfjs. */

import { inTime } from '../in-time';
import type { BackendName } from '../types';

export interface GpuProbe {
  readonly webgl:
    { readonly kind: 'none' } | { readonly kind: 'hardware' | 'software'; readonly renderer: string };
  readonly webgpu: 'none' | 'hardware' | 'software';
  /** Whether this thread can draw crops. */
  readonly canvas2d: boolean;
}

/** WebGPU whose driver does not say by then whether it is there counts as none, ms. */
export const PROBE_MS = 5000;

const SOFTWARE = /swiftshader|llvmpipe|softpipe|software|basic render|warp/i;

export async function probeGpu(): Promise<GpuProbe> {
  return { webgl: probeWebgl(), webgpu: await probeWebgpu(), canvas2d: hasCanvas2d() };
}

/** Whether there is a hardware GPU. */
export function reachesGpu(probe: GpuProbe): boolean {
  return probe.webgl.kind === 'hardware' || probe.webgpu === 'hardware';
}

/**
 * Why the page should do the work rather than a worker, or null.
 * @param there what a worker reaches; @param here what the page does.
 */
export function obstacleToWorker(
  there: GpuProbe,
  here: GpuProbe,
  backend: BackendName | 'auto',
): string | null {
  if (!there.canvas2d) return 'The page does the work, because a worker has no canvas here.';
  const lacking =
    (backend === 'auto' && reachesGpu(here) && !reachesGpu(there)) ||
    (backend === 'webgl' && here.webgl.kind !== 'none' && there.webgl.kind === 'none') ||
    (backend === 'webgpu' && here.webgpu !== 'none' && there.webgpu === 'none');
  return lacking ? 'The page does the work, because a worker cannot reach the GPU here.' : null;
}

function probeWebgl(): GpuProbe['webgl'] {
  const gl = createWebgl(true) ?? createWebgl(false);
  if (!gl) return { kind: 'none' };
  const caveat = gl.getContextAttributes()?.failIfMajorPerformanceCaveat === false;
  const renderer = readRenderer(gl);
  // Contexts are few: release this one at once.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return { kind: caveat || SOFTWARE.test(renderer) ? 'software' : 'hardware', renderer };
}

/** WebGL 2 alone: on WebGL 1 tfjs reads back synchronously. */
function createWebgl(failIfMajorPerformanceCaveat: boolean): WebGL2RenderingContext | null {
  try {
    const canvas = createCanvas();
    return (
      (canvas?.getContext('webgl2', { failIfMajorPerformanceCaveat }) as WebGL2RenderingContext | null) ??
      null
    );
  } catch {
    return null;
  }
}

/** tfjs takes no OffscreenCanvas in Safari, whose offscreen contexts had no fences. */
function createCanvas(): HTMLCanvasElement | OffscreenCanvas | null {
  if (typeof document !== 'undefined') return document.createElement('canvas');
  if (typeof OffscreenCanvas === 'undefined' || isSafari()) return null;
  return new OffscreenCanvas(1, 1);
}

function isSafari(): boolean {
  return /safari/i.test(navigator.userAgent) && !/chrom|android/i.test(navigator.userAgent);
}

function readRenderer(gl: WebGL2RenderingContext): string {
  const info = gl.getExtension('WEBGL_debug_renderer_info');
  return String(gl.getParameter(info ? info.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
}

interface AdapterLike {
  readonly isFallbackAdapter?: boolean;
  readonly info?: {
    readonly isFallbackAdapter?: boolean;
    readonly description?: string;
    readonly architecture?: string;
  };
}

async function probeWebgpu(): Promise<GpuProbe['webgpu']> {
  // Node 20 has no navigator.
  const { gpu } = (globalThis.navigator ?? {}) as { gpu?: { requestAdapter(): Promise<AdapterLike | null> } };
  if (!gpu) return 'none';
  try {
    const adapter = await inTime(gpu.requestAdapter(), PROBE_MS, 'WebGPU: no adapter came');
    if (!adapter) return 'none';
    const { info } = adapter;
    const software =
      adapter.isFallbackAdapter ||
      info?.isFallbackAdapter ||
      SOFTWARE.test(`${info?.description} ${info?.architecture}`);
    return software ? 'software' : 'hardware';
  } catch {
    return 'none';
  }
}

function hasCanvas2d(): boolean {
  if (typeof document !== 'undefined') return true;
  return typeof OffscreenCanvas !== 'undefined' && new OffscreenCanvas(1, 1).getContext('2d') !== null;
}
