import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const URL_OF_SCRIPT = 'https://mien.test/worker.js';

class FakeWorker extends EventTarget {
  static all: FakeWorker[] = [];
  constructor(readonly url: string) {
    super();
    FakeWorker.all.push(this);
  }
}

beforeEach(() => {
  vi.resetModules();
  FakeWorker.all = [];
  vi.stubGlobal('Worker', FakeWorker);
  vi.stubGlobal('location', new URL('https://mien.test/'));
  vi.stubGlobal('self', {});
});
afterEach(() => vi.unstubAllGlobals());

it('an engine takes the worker that was started ahead, and the next one another', async () => {
  const { startAhead, takeWorker } = await import('./worker-script');
  startAhead(URL_OF_SCRIPT);
  startAhead(URL_OF_SCRIPT);
  expect(FakeWorker.all).toHaveLength(1);
  const first = takeWorker(URL_OF_SCRIPT);
  expect(FakeWorker.all).toHaveLength(1);
  expect(takeWorker(URL_OF_SCRIPT)).not.toBe(first);
  expect(FakeWorker.all).toHaveLength(2);
});

it('one that fails before it is wanted is not taken', async () => {
  const { startAhead, takeWorker } = await import('./worker-script');
  startAhead(URL_OF_SCRIPT);
  const [failing] = FakeWorker.all;
  failing.dispatchEvent(new Event('error'));
  expect(takeWorker(URL_OF_SCRIPT)).not.toBe(failing);
});

it('where there are no workers, the engine that wants one is told, not who starts it ahead', async () => {
  vi.stubGlobal('Worker', undefined);
  const { startAhead, takeWorker } = await import('./worker-script');
  expect(() => startAhead(URL_OF_SCRIPT)).not.toThrow();
  expect(() => takeWorker(URL_OF_SCRIPT)).toThrow(/worker: could not be started/);
});
