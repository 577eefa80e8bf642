import { describe, expect, it } from 'vitest';
import { createRandom } from '../fixtures/random';
import { fitPeerMap, MESH_OF_IBUG, toIbug } from './peer-map';

const MESH = 478;

/** Random meshes, each of its own size, with the true points where the mesh points of the same meaning lie. */
function faces(count: number) {
  const random = createRandom(7);
  return Array.from({ length: count }, () => {
    const scale = 50 + 100 * random();
    const mesh = Float32Array.from({ length: 2 * MESH }, () => 10 + scale * random());
    const truth = Float32Array.from({ length: 136 }, (_, i) => {
      const [k, axis] = [i >> 1, i % 2];
      return mesh[2 * MESH_OF_IBUG[k] + axis];
    });
    return { mesh, truth };
  });
}

describe('the map from the mesh to 68 points', () => {
  it('is the index alone where the meanings agree', () => {
    const { weights, sources } = fitPeerMap(faces(30), 6, 1e-6);
    weights.forEach((row, k) => {
      expect(sources[k][0]).toBe(MESH_OF_IBUG[k]);
      expect(row[0]).toBeCloseTo(1, 3);
    });
  });

  it('finds a point that lies between two of the mesh', () => {
    const pairs = faces(60);
    const { sources } = fitPeerMap(pairs, 6);
    const other = sources[30][3];
    for (const { mesh, truth } of pairs)
      for (const axis of [0, 1])
        truth[60 + axis] = 0.7 * mesh[2 * MESH_OF_IBUG[30] + axis] + 0.3 * mesh[2 * other + axis];
    const map = fitPeerMap(pairs, 6, 1e-6);
    expect(map.weights[30][3]).toBeCloseTo(0.3, 2);
    const [{ mesh, truth }] = pairs;
    expect(Math.abs(toIbug(mesh, map)[60] - truth[60])).toBeLessThan(0.1);
  });

  it('moves with the mesh', () => {
    const pairs = faces(20);
    const map = fitPeerMap(pairs, 6);
    const moved = pairs[0].mesh.map((value) => 2 * value + 30);
    toIbug(pairs[0].mesh, map).forEach((value, i) =>
      expect(Math.abs(toIbug(moved, map)[i] - (2 * value + 30))).toBeLessThan(0.05),
    );
  });

  it('needs faces', () => {
    expect(() => fitPeerMap([])).toThrow(/no faces/);
  });
});
