import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { nodeModels } from './models';

const OWN = { 'registry.json': 'file:///own/registry.json', 'blazeface/a.json': 'file:///own/a.json' };

it('are the package’s own where none are given, and its own beside those of another package', () => {
  expect(nodeModels(OWN, undefined)).toEqual(OWN);
  expect(nodeModels(OWN, { 'registry.json': 'file:///unet/registry.json' })).toEqual({
    ...OWN,
    'registry.json': 'file:///unet/registry.json',
  });
});

it('lie at a path, whatever its letters, or at an address', () => {
  const hrefOf = (given: string | URL) => String(nodeModels(OWN, given));
  expect(hrefOf('my models')).toBe(pathToFileURL(`${process.cwd()}/my models`).href);
  expect(hrefOf('/a#1/50%41?/')).toBe('file:///a%231/50%2541%3F');
  expect(hrefOf('https://example.org/models/')).toBe('https://example.org/models/');
  expect(hrefOf('file:///models')).toBe('file:///models');
  expect(hrefOf(new URL('https://example.org/m'))).toBe('https://example.org/m');
});

it.each([null, 5, ['a']])('that are none are left to be refused: %o', (given) => {
  expect(nodeModels(OWN, given as never)).toBe(given);
});
