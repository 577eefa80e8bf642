/** A software GL in the guise of a fast GPU that breaks when told to, for good: for the page or, as text, for a worker. */

/** Whoever posts to this channel breaks every such GPU. */
export const BREAK_CHANNEL = 'break-gpu';

/**
 * Runs in the browser, and so uses nothing from outside itself.
 * @param tickMs of the engine's clock: a coarse one sees how long it waits for the shaders, and not how slow the GPU is; with
 *   Infinity no time passes.
 */
export function installFragileGpu(channel: string, tickMs = Infinity): void {
  const gl = WebGL2RenderingContext.prototype;
  const { getParameter, linkProgram } = gl;
  const contexts = new Set<WebGL2RenderingContext>();
  let broken = false;
  const lose = (context: WebGL2RenderingContext) => context.getExtension('WEBGL_lose_context')?.loseContext();
  gl.getContextAttributes = () => ({ failIfMajorPerformanceCaveat: true });
  gl.getParameter = function (name: number) {
    const value = getParameter.call(this, name) as unknown;
    return typeof value === 'string' && /swiftshader/i.test(value) ? 'Fragile GPU' : value;
  };
  // A context is still to be had when the GPU is broken, and lasts until the first shader.
  gl.linkProgram = function (program) {
    contexts.add(this);
    linkProgram.call(this, program);
    if (broken) lose(this);
  };
  const { now } = performance;
  performance.now = () => (tickMs === Infinity ? 0 : Math.floor(now.call(performance) / tickMs) * tickMs);
  new BroadcastChannel(channel).onmessage = () => {
    broken = true;
    contexts.forEach(lose);
  };
}
