/** Faults of a software GL in the guise of a GPU. Each runs in the browser, and so uses nothing from outside itself. */

/**
 * Values that are read back are wrong by this factor: a driver that computes wrong numbers. @param which of the reads: those of at
 * least and at most so many values; the detector gives thousands, a landmark network hundreds at most for a face.
 */
export function installWrongNumbers({
  factor,
  which: [least, most],
}: {
  factor: number;
  which: readonly [number, number];
}): void {
  const gl = WebGL2RenderingContext.prototype;
  const { getBufferSubData } = gl;
  gl.getBufferSubData = function (
    this: WebGL2RenderingContext,
    ...args: Parameters<typeof getBufferSubData>
  ) {
    getBufferSubData.apply(this, args);
    const values = args[2];
    const isMeant = values instanceof Float32Array && values.length >= least && values.length <= most;
    if (isMeant) values.forEach((value, i) => (values[i] = value * factor));
  } as typeof getBufferSubData;
}

/** Fences never signal once `window.silence` (or the worker's) is true. */
export function installSilentFences(isSilent: boolean): void {
  const gl = WebGL2RenderingContext.prototype;
  const { clientWaitSync } = gl;
  Object.assign(globalThis, { silence: isSilent });
  gl.clientWaitSync = function (...args) {
    const { silence } = globalThis as unknown as { silence: boolean };
    return silence ? WebGL2RenderingContext.prototype.TIMEOUT_EXPIRED : clientWaitSync.apply(this, args);
  };
}

/** Shaders never finish to compile. */
export function installEndlessShaders(): void {
  const gl = WebGL2RenderingContext.prototype;
  const { getExtension, getProgramParameter } = gl;
  const COMPLETION_STATUS_KHR = 0x91b1;
  gl.getExtension = function (this: WebGL2RenderingContext, name: string) {
    const found: unknown = Reflect.apply(getExtension, this, [name]);
    return name === 'KHR_parallel_shader_compile' ? { COMPLETION_STATUS_KHR } : found;
  } as typeof getExtension;
  gl.getProgramParameter = function (program, name) {
    return name === COMPLETION_STATUS_KHR
      ? false
      : (getProgramParameter.call(this, program, name) as unknown);
  };
}
