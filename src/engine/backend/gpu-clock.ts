/** What the GPU's own clock says of a stage: WebGL's timer queries, read once the results are there anyway. */

import type { GpuClock } from '../timings';

/** `EXT_disjoint_timer_query_webgl2`, which TypeScript does not know. */
interface TimerExtension {
  readonly TIME_ELAPSED_EXT: number;
  readonly GPU_DISJOINT_EXT: number;
}

/** The parts of a context that it needs. */
export type TimerContext = Pick<
  WebGL2RenderingContext,
  | 'getExtension'
  | 'getParameter'
  | 'createQuery'
  | 'deleteQuery'
  | 'beginQuery'
  | 'endQuery'
  | 'getQueryParameter'
  | 'QUERY_RESULT'
  | 'QUERY_RESULT_AVAILABLE'
>;

/** Null where the browser does not let the GPU tell. */
export function createGpuClock(gl: TimerContext): GpuClock | null {
  const timer = gl.getExtension('EXT_disjoint_timer_query_webgl2') as TimerExtension | null;
  if (!timer) return null;
  return {
    time(run) {
      const query = gl.createQuery();
      if (!query) return { value: run(), span: { readMs: () => null } };
      gl.beginQuery(timer.TIME_ELAPSED_EXT, query);
      try {
        const value = run();
        gl.endQuery(timer.TIME_ELAPSED_EXT);
        return { value, span: { readMs: () => read(gl, timer, query) } };
      } catch (error) {
        gl.endQuery(timer.TIME_ELAPSED_EXT);
        gl.deleteQuery(query);
        throw error;
      }
    },
  };
}

function read(gl: TimerContext, timer: TimerExtension, query: WebGLQuery): number | null {
  // The GPU changed its clock meanwhile, or another program had it; asking resets the answer.
  const isDisjoint = gl.getParameter(timer.GPU_DISJOINT_EXT) as boolean;
  const isThere = gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE) as boolean;
  const elapsedNs = isThere && !isDisjoint ? (gl.getQueryParameter(query, gl.QUERY_RESULT) as number) : null;
  gl.deleteQuery(query);
  return elapsedNs === null ? null : elapsedNs / 1e6;
}
