import { afterEach, expect, it, vi } from 'vitest';
import { obstacleToWorker, PROBE_MS, probeGpu, type GpuProbe } from './capabilities';

const none: GpuProbe = { webgl: { kind: 'none' }, webgpu: 'none', canvas2d: true };
const gpu: GpuProbe = { ...none, webgl: { kind: 'hardware', renderer: 'GPU' } };
const software: GpuProbe = { ...none, webgl: { kind: 'software', renderer: 'SwiftShader' } };

it('a worker that reaches what the page reaches is preferred', () => {
  for (const probe of [none, gpu, software]) {
    for (const backend of ['auto', 'webgl', 'webgpu', 'wasm', 'cpu'] as const) {
      expect(obstacleToWorker(probe, probe, backend)).toBeNull();
    }
  }
});

it('the page does the work where only it reaches the GPU, as in older Safari', () => {
  expect(obstacleToWorker(none, gpu, 'auto')).toMatch(/cannot reach the GPU/);
  expect(obstacleToWorker(software, gpu, 'auto')).toMatch(/cannot reach the GPU/);
  expect(obstacleToWorker(none, software, 'webgl')).toMatch(/cannot reach the GPU/);
  expect(obstacleToWorker(none, { ...none, webgpu: 'hardware' }, 'webgpu')).toMatch(/cannot reach the GPU/);
});

it('a worker without GPU will do for wasm, and where the page has none either', () => {
  expect(obstacleToWorker(none, gpu, 'wasm')).toBeNull();
  expect(obstacleToWorker(none, software, 'auto')).toBeNull();
});

it('a worker that cannot draw crops will not do at all', () => {
  expect(obstacleToWorker({ ...gpu, canvas2d: false }, gpu, 'wasm')).toMatch(/no canvas/);
});

const probeWith = (requestAdapter: () => Promise<unknown>) => {
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { gpu: { requestAdapter } });
  return probeGpu();
};
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

it('WebGPU that never answers whether it is there counts as none, in time', async () => {
  const probing = probeWith(() => new Promise(() => {}));
  await vi.advanceTimersByTimeAsync(PROBE_MS);
  expect((await probing).webgpu).toBe('none');
});

it.each([
  ['hardware', { info: { description: 'GPU' } }],
  ['software', { info: { description: 'SwiftShader' } }],
  ['software', { isFallbackAdapter: true }],
  ['none', null],
])('WebGPU is %s by its adapter %o, and no timer is left', async (kind, adapter) => {
  expect((await probeWith(async () => adapter)).webgpu).toBe(kind);
  expect(vi.getTimerCount()).toBe(0);
});
