import { expect, it } from 'vitest';
import { createGpuClock, type TimerContext } from './gpu-clock';

const TIMER = { TIME_ELAPSED_EXT: 1, GPU_DISJOINT_EXT: 2 };

/** A context whose queries take 2.5 ms each, and a log of what was asked of it. */
function fakeContext({ hasTimer = true, isThere = true, isDisjoint = false } = {}) {
  const log: string[] = [];
  const gl = {
    QUERY_RESULT: 3,
    QUERY_RESULT_AVAILABLE: 4,
    getExtension: (name: string) => (hasTimer && name === 'EXT_disjoint_timer_query_webgl2' ? TIMER : null),
    getParameter: (name: number) => name === TIMER.GPU_DISJOINT_EXT && isDisjoint,
    createQuery: () => ({}),
    deleteQuery: () => void log.push('delete'),
    beginQuery: (target: number) => void log.push(`begin ${target}`),
    endQuery: (target: number) => void log.push(`end ${target}`),
    getQueryParameter(_: unknown, name: number) {
      if (name === gl.QUERY_RESULT_AVAILABLE) return isThere;
      log.push('result');
      return 2.5e6;
    },
  };
  return { gl: gl as unknown as TimerContext, log };
}

it('a span is between the two ends of a query, told in ms, and its query is given back', () => {
  const { gl, log } = fakeContext();
  const { value, span } = createGpuClock(gl)!.time(() => {
    log.push('run');
    return 'value';
  });
  expect(value).toBe('value');
  expect(span.readMs()).toBe(2.5);
  expect(log).toEqual(['begin 1', 'run', 'end 1', 'result', 'delete']);
});

it.each([
  ['is not there yet: it is not waited for', { isThere: false }],
  ['was disturbed', { isDisjoint: true }],
])('a span that %s is discarded', (_, state) => {
  const { gl, log } = fakeContext(state);
  const { span } = createGpuClock(gl)!.time(() => {});
  expect(span.readMs()).toBeNull();
  expect(log).toEqual(['begin 1', 'end 1', 'delete']);
});

it('commands that throw end their query', () => {
  const { gl, log } = fakeContext();
  const fail = () =>
    createGpuClock(gl)!.time(() => {
      throw new Error('lost');
    });
  expect(fail).toThrow('lost');
  expect(log).toEqual(['begin 1', 'end 1', 'delete']);
});

it('there is no clock without the extension', () => {
  expect(createGpuClock(fakeContext({ hasTimer: false }).gl)).toBeNull();
});
