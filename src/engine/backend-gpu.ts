/** What tfjs' two GPU backends do not do by themselves: say that the context is gone, and compile shaders side by side. */

import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from './types';

/** The parts of `MathBackendWebGL` used here, so that its module is loaded only where it runs. */
interface WebglBackend {
  readonly gpgpu: { readonly gl: WebGL2RenderingContext; itemsToPoll: unknown[] };
  checkCompileCompletionAsync(): Promise<unknown>;
  getUniformLocations(): void;
}

interface WebgpuBackend {
  readonly device: { readonly lost: Promise<unknown> };
}

/** Calls `onLost` once when the context of the running backend goes. @returns a function that stops watching. */
export function watchContext(name: BackendName, onLost: () => void): () => void {
  if (name === 'webgl') {
    const { canvas } = webgl().gpgpu.gl;
    canvas.addEventListener('webglcontextlost', onLost);
    return () => canvas.removeEventListener('webglcontextlost', onLost);
  }
  if (name === 'webgpu') {
    let watching = true;
    const { device } = tf.backend() as unknown as WebgpuBackend;
    // Also settles when the device is destroyed on purpose, after the watch has ended.
    void device.lost.then(() => watching && onLost());
    return () => (watching = false);
  }
  return () => {};
}

/**
 * Compiles the shaders that `run` needs, all at once (`KHR_parallel_shader_compile`), without running them; elsewhere it
 * does nothing.
 */
export async function compileShaders(name: BackendName, run: () => tf.Tensor): Promise<void> {
  if (name !== 'webgl') return;
  tf.env().set('ENGINE_COMPILE_ONLY', true);
  try {
    tf.dispose(run());
  } finally {
    tf.env().set('ENGINE_COMPILE_ONLY', false);
  }
  await webgl().checkCompileCompletionAsync();
  webgl().getUniformLocations();
}

/**
 * Removes a backend and everything on its context; the next `setBackend` makes a fresh one.
 * @param instance the backend meant: another engine may have put a fresh one in its place.
 */
export function tearDown(name: BackendName, instance: tf.KernelBackend): void {
  if (tf.engine().registry[name] !== instance) return;
  // tfjs polls a lost context's fences for ever.
  if (name === 'webgl') (instance as unknown as WebglBackend).gpgpu.itemsToPoll = [];
  const factory = tf.findBackendFactory(name);
  tf.removeBackend(name);
  tf.registerBackend(name, factory);
}

function webgl(): WebglBackend {
  return tf.backend() as unknown as WebglBackend;
}
