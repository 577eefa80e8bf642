/** What tfjs' two GPU backends lack: notice that the context is lost, and compile shaders in parallel. */

import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../types';
import type { GpuClock } from '../timings';
import { createGpuClock } from './gpu-clock';

/** The parts of `MathBackendWebGL` used here, so that its module is loaded only where it runs. */
interface WebglBackend {
  readonly gpgpu: {
    readonly gl: WebGL2RenderingContext;
    readonly parallelCompilationExtension: { readonly COMPLETION_STATUS_KHR: number } | null;
    itemsToPoll: unknown[];
  };
  readonly binaryCache: Readonly<Record<string, { readonly webGLProgram: WebGLProgram }>>;
  checkCompileCompletionAsync(): Promise<unknown>;
  getUniformLocations(): void;
}

interface WebgpuBackend {
  readonly device: { readonly lost: Promise<unknown>; destroy(): void };
  /** Promises until they are compiled. */
  readonly pipelineCache: Readonly<Record<string, unknown>>;
  checkCompileCompletionAsync(): Promise<unknown>;
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
    const { device } = webgpu();
    // Also settles when the device is destroyed on purpose, after the watch has ended.
    void device.lost.then(() => watching && onLost());
    return () => (watching = false);
  }
  return () => {};
}

/** The clock of the running backend's GPU; null where it does not tell, as on WebGPU and the CPU. */
export function clockOf(name: BackendName): GpuClock | null {
  return name === 'webgl' ? createGpuClock(webgl().gpgpu.gl) : null;
}

/** The flags under which tfjs' backends compile without running. */
const COMPILE_ONLY = { webgl: 'ENGINE_COMPILE_ONLY', webgpu: 'WEBGPU_ENGINE_COMPILE_ONLY' } as const;

/** Interval at which WebGL is polled for finished shaders, ms. */
const POLL_MS = 50;

/** Receives how many shaders are compiled, and how many there are. */
export type OnShaders = (done: number, total: number) => void;

/**
 * Compiles the shaders that `run` needs, all at once (by `KHR_parallel_shader_compile` on WebGL, `createComputePipelineAsync`
 * on WebGPU), without running them; on the CPU's backends it does nothing. @param signal ends the wait.
 */
export async function compileShaders(
  name: BackendName,
  run: () => tf.Tensor[],
  onShaders: OnShaders,
  signal: AbortSignal,
): Promise<void> {
  if (name !== 'webgl' && name !== 'webgpu') return;
  tf.env().set(COMPILE_ONLY[name], true);
  try {
    tf.dispose(run());
  } finally {
    tf.env().set(COMPILE_ONLY[name], false);
  }
  await (name === 'webgl' ? watchPrograms(onShaders, signal) : watchPipelines(onShaders));
  await (name === 'webgl' ? webgl() : webgpu()).checkCompileCompletionAsync();
  if (name === 'webgl') webgl().getUniformLocations();
}

/** Without the extension, as on SwiftShader, each query blocks: one program after the other. */
async function watchPrograms(onShaders: OnShaders, signal: AbortSignal): Promise<void> {
  const { gpgpu, binaryCache } = webgl();
  const { gl, parallelCompilationExtension: extension } = gpgpu;
  const programs = Object.values(binaryCache);
  if (!extension) {
    programs.forEach(({ webGLProgram }, i) => {
      gl.getProgramParameter(webGLProgram, gl.LINK_STATUS);
      onShaders(i + 1, programs.length);
    });
    return;
  }
  let done = 0;
  while (done < programs.length && !gl.isContextLost() && !signal.aborted) {
    done = programs.filter(({ webGLProgram }) =>
      gl.getProgramParameter(webGLProgram, extension.COMPLETION_STATUS_KHR),
    ).length;
    onShaders(done, programs.length);
    if (done < programs.length) await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function watchPipelines(onShaders: OnShaders): Promise<void> {
  const pipelines = Object.values(webgpu().pipelineCache);
  let done = 0;
  const count = () => onShaders(++done, pipelines.length);
  await Promise.all(pipelines.map((pipeline) => Promise.resolve(pipeline).then(count)));
}

/**
 * Removes a backend and everything on its context; the next `setBackend` makes a fresh one.
 * @param instance the backend to remove: another engine may have replaced it already.
 */
export function tearDown(name: BackendName, instance: tf.KernelBackend): void {
  if (tf.engine().registry[name] !== instance) return;
  // tfjs polls the fences of a lost context forever.
  if (name === 'webgl') (instance as unknown as WebglBackend).gpgpu.itemsToPoll = [];
  const factory = tf.findBackendFactory(name);
  tf.removeBackend(name);
  // tfjs frees its buffers but leaves the device to the garbage collector.
  if (name === 'webgpu') (instance as unknown as WebgpuBackend).device.destroy();
  tf.registerBackend(name, factory);
}

function webgl(): WebglBackend {
  return tf.backend() as unknown as WebglBackend;
}

function webgpu(): WebgpuBackend {
  return tf.backend() as unknown as WebgpuBackend;
}
