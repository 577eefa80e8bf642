import { beforeEach, expect, test, vi } from 'vitest';
import { makeGaze, makeSignals } from '../../../tests/fixtures/signals';
import { photoModel } from '../../../tests/fixtures/photos';
import type { Engine } from '../../engine';
import type { EngineRequest } from '../../services/engine/engine-host';
import { gazeOf, type Site } from './detection';

const full = { width: 4000, height: 3000 };
const decoded = { width: 2000, height: 1500, close: vi.fn() };
vi.mock('./import', async (original) => ({
  ...(await original<typeof import('./import')>()),
  decodePicture: async () => decoded,
}));
beforeEach(() => decoded.close.mockClear());

const face = {
  points: Float32Array.from({ length: 136 }, (_, i) => 2 * i),
  spread: new Float32Array(68).fill(6),
};
const detection = { photoId: 'a', model: 'lite', priority: 'viewed' } as const;

/** @param noGaze why the engine has none */
function siteWith(signals: Engine['signals'], noGaze?: Error) {
  const requests: EngineRequest[] = [];
  const engine = { info: { manifest: photoModel('lite') }, signals } as unknown as Engine;
  const site = {
    store: { get: () => ({ name: 'a.jpg', ...full }), file: async () => new Blob(), learn: () => undefined },
    host: {
      progress: null,
      run: async (request: EngineRequest, use: (...args: [Engine, AbortSignal]) => Promise<unknown>) => {
        requests.push(request);
        if (noGaze) request.onNoGaze?.(noGaze);
        return use(engine, new AbortController().signal);
      },
    },
  } as unknown as Site;
  return { site, requests };
}

test('the gaze of a face is asked of the engine by its points as they stand, in px of the picture as it was decoded', async () => {
  const gaze = makeGaze({ yawDeg: 7 });
  const signals = vi.fn<Engine['signals']>(async () => [makeSignals({ gaze })]);
  const { site, requests } = siteWith(signals);
  expect(await gazeOf(site, detection, face)).toEqual(gaze);
  const [picture, [asked]] = signals.mock.calls[0];
  expect(picture).toBe(decoded);
  expect([...asked.points.slice(0, 4), asked.spread![0]]).toEqual([0, 1, 2, 3, 3]);
  expect(requests).toMatchObject([
    { model: 'lite', priority: 'viewed', tuning: { signals: true, gaze: true } },
  ]);
  expect(decoded.close).toHaveBeenCalledTimes(1);
});

test.each([
  ['eyes that are not seen', [makeSignals()]],
  ['points that fit no head', [undefined]],
])('%s have none', async (_, told) => {
  expect(await gazeOf(siteWith(async () => told).site, detection, face)).toBeNull();
});

test('an engine that has no gaze says why', async () => {
  const { site } = siteWith(async () => [makeSignals()], new Error('eye/model.json: offline'));
  await expect(gazeOf(site, detection, face)).rejects.toThrow('eye/model.json: offline');
});
