/** A software GL in the guise of a fast GPU that breaks when told to, for good: for the page or, as text, for a worker. */

/** Whoever posts to this channel breaks every such GPU. */
export const BREAK_CHANNEL = 'break-gpu';

/** Runs in the browser, and so uses nothing from outside itself. */
export function installFragileGpu(channel: string): void {
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
  // The engine measures: no time passes, and no GPU is faster.
  performance.now = () => 0;
  new BroadcastChannel(channel).onmessage = () => {
    broken = true;
    contexts.forEach(lose);
  };
}
