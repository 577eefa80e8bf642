import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseFilm } from './film';

/** Two points over two epochs: one stays in the middle, one goes from the corner to it. */
const wellFormed = () => ({
  formatVersion: 1,
  scheme: 'two',
  pointCount: 2,
  sample: 'astronaut.png',
  toSample: [100, 0, 0, 100, 10, 20],
  epochs: [1, 8],
  ofEpochs: 8,
  pointRange: [0, 1],
  points: btoa(
    String.fromCharCode(
      ...new Uint8Array(Uint16Array.of(32768, 32768, 0, 0, 32768, 32768, 65535, 65535).buffer),
    ),
  ),
  maps: { points: [1], width: 2, height: 1, cells: btoa('\x00\xff\xff\x00') },
});

it('a film is read: points of each epoch, and the maps there are', () => {
  const film = parseFilm(wellFormed(), 'x.json');
  expect(film.points.map((points) => [...points].map((value) => Number(value.toFixed(3))))).toEqual([
    [0.5, 0.5, 0, 0],
    [0.5, 0.5, 1, 1],
  ]);
  expect([...film.maps!.cells]).toEqual([0, 255, 255, 0]);
});

it('one without maps has none', () => {
  expect(parseFilm({ ...wellFormed(), maps: undefined }, 'x.json').maps).toBeNull();
});

describe('a film that is damaged is refused, naming the file and what is wrong', () => {
  it.each([
    [{ formatVersion: 2 }, 'formatVersion'],
    [{ points: 'AAAA' }, 'points'],
    [{ points: '!' }, 'points'],
    [{ maps: { ...wellFormed().maps, width: 3 } }, 'maps'],
    [{ epochs: [] }, 'epochs'],
    [{ sample: 'someone.png' }, 'sample'],
  ])('%j', (change, named) => {
    expect(() => parseFilm({ ...wellFormed(), ...change }, 'x.json')).toThrow(
      new RegExp(`x\\.json: ${named}`),
    );
  });
});

const models = fileURLToPath(new URL('../../../../static/models/', import.meta.url));
const registry = JSON.parse(readFileSync(`${models}registry.json`, 'utf8'));
const shipped = registry.models.flatMap(({ learning }: { learning?: string }) => learning ?? []);

it.each(shipped as string[])('%s, which ships, ends with points on the face', (path) => {
  expect(existsSync(models + path)).toBe(true);
  const film = parseFilm(JSON.parse(readFileSync(models + path, 'utf8')), path);
  const last = film.points.at(-1)!;
  expect(Math.min(...last)).toBeGreaterThan(0);
  expect(Math.max(...last)).toBeLessThan(1);
});
