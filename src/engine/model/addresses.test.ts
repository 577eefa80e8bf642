import { expect, it } from 'vitest';
import { parseOptions } from '../options';
import { addressOf, bytesOfDataUrl } from './addresses';
import { loadRegistry } from './fetch';

it('files of a folder lie under its address, others where they are said to', () => {
  expect(addressOf('https://example.org/models/', 'a/b.bin')).toBe('https://example.org/models/a/b.bin');
  expect(addressOf({ 'a/b.bin': 'https://example.org/b-1f.bin' }, 'a/b.bin')).toBe(
    'https://example.org/b-1f.bin',
  );
  expect(() => addressOf({}, 'a/b.bin')).toThrow('a/b.bin: modelsUrl has no address for it');
  expect(() => addressOf({}, 'toString')).toThrow('toString: modelsUrl has no address for it');
});

it('options take both, made absolute', () => {
  const of = (modelsUrl: never) => parseOptions({ modelsUrl }, 'https://example.org/app/').modelsUrl;
  expect(of('m' as never)).toBe('https://example.org/app/m/');
  expect(of({ 'registry.json': '/r.json' } as never)).toEqual({
    'registry.json': 'https://example.org/r.json',
  });
  expect(() => of({ 'registry.json': 'https://' } as never)).toThrow(
    'option modelsUrl: must be an address for registry.json, is "https://"',
  );
  expect(() => of(7 as never)).toThrow('option modelsUrl: must be an address, or addresses by path, is 7');
});

it.each([
  'data:application/json;base64,eyJhIjoiw6QifQ==',
  'data:application/json,%7B%22a%22%3A%22%C3%A4%22%7D',
])('a file within its address is read: %s', (url) => {
  expect(new TextDecoder().decode(bytesOfDataUrl(url))).toBe('{"a":"ä"}');
});

it('a registry within its address needs no request', async () => {
  const text = encodeURIComponent('{"formatVersion":1,"models":[]}');
  await expect(loadRegistry({ 'registry.json': `data:application/json,${text}` })).rejects.toThrow('models');
});
