import { afterEach, beforeEach, expect, test, vi } from 'vitest';

let persist: ReturnType<typeof vi.fn>;
async function load(isPersisted: boolean) {
  persist = vi.fn(async () => false);
  vi.stubGlobal('navigator', { storage: { persist, persisted: async () => isPersisted } });
  return (await import('./persist')).askToPersist;
}
beforeEach(() => vi.resetModules());
afterEach(() => vi.unstubAllGlobals());

test('the browser is asked once a visit', async () => {
  const askToPersist = await load(false);
  askToPersist();
  askToPersist();
  await vi.waitFor(() => expect(persist).toHaveBeenCalledTimes(1));
});

test('a browser that has promised is not asked again', async () => {
  const askToPersist = await load(true);
  askToPersist();
  await new Promise((resolve) => setTimeout(resolve));
  expect(persist).not.toHaveBeenCalled();
});
