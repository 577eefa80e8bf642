import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal('location', new URL('https://mien.test/'));
  vi.stubGlobal('self', {});
});
afterEach(() => vi.unstubAllGlobals());

it('a page whose policy does not allow the name is told when an engine wants a script, not when it imports', async () => {
  const createPolicy = vi.fn(() => {
    throw new TypeError('Policy "mien" disallowed.');
  });
  vi.stubGlobal('trustedTypes', { createPolicy });
  const { trustScript } = await import('./trusted-script');
  expect(createPolicy).not.toHaveBeenCalled();
  expect(() => trustScript('https://mien.test/worker.js')).toThrow('Policy "mien" disallowed.');
});

it('one policy trusts scripts of the page’s own origin, and no others', async () => {
  const createPolicy = vi.fn((_name: string, rules: unknown) => rules);
  vi.stubGlobal('trustedTypes', { createPolicy });
  const { trustScript } = await import('./trusted-script');
  expect(trustScript('https://mien.test/worker.js')).toBe('https://mien.test/worker.js');
  expect(() => trustScript('https://other.test/worker.js')).toThrow('comes from another origin');
  expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(['mien']);
});

it('of a script that a bundler put into its address not all of it is said', async () => {
  const { trustScript } = await import('./trusted-script');
  const script = `data:text/javascript;base64,${'A'.repeat(100_000)}`;
  expect(() => trustScript(script)).toThrow(
    /^script data:text\/javascript\S{1,100}: comes from another origin$/,
  );
});
