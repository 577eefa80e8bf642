/**
 * MediaPipe's 478 points brought to iBUG's 68. Each of the 68 is a fixed mean, with weights that add up to 1 and may be negative,
 * of the mesh points that lie where it and its neighbours do. Such a mean stays where it is on the surface however the head is
 * turned, shifted and scaled. `npm run peer-map` fits the weights, on 300-W's training part.
 */
export interface PeerMap {
  /** For each of the 68 the mesh points that it is a mean of. */
  readonly sources: readonly (readonly number[])[];
  /** One for each of them; each row adds up to 1. */
  readonly weights: readonly (readonly number[])[];
}

/** The mesh point nearest to each of the 68 points by its meaning, as widely used. */
export const MESH_OF_IBUG = [
  ...[162, 234, 93, 58, 172, 136, 149, 148, 152, 377, 378, 365, 397, 288, 323, 454, 389],
  ...[71, 63, 105, 66, 107, 336, 296, 334, 293, 301],
  ...[168, 197, 5, 4, 75, 97, 2, 326, 305],
  ...[33, 160, 158, 133, 153, 144, 362, 385, 387, 263, 373, 380],
  ...[61, 39, 37, 0, 267, 269, 291, 405, 314, 17, 84, 181],
  ...[78, 82, 13, 312, 308, 317, 14, 87],
] as const;

/** @param mesh x0, y0, x1, y1, … of 478 points. @returns of 68. */
export function toIbug(mesh: ArrayLike<number>, { sources, weights }: PeerMap): Float32Array {
  const points = new Float32Array(2 * sources.length);
  sources.forEach((from, k) =>
    from.forEach((source, j) => {
      points[2 * k] += weights[k][j] * mesh[2 * source];
      points[2 * k + 1] += weights[k][j] * mesh[2 * source + 1];
    }),
  );
  return points;
}

/** One face: what the peer found, and the true points. */
export interface MapPair {
  readonly mesh: ArrayLike<number>;
  readonly truth: ArrayLike<number>;
}

/**
 * Weights of the least square distance in shares of the face's size, drawn to the point of the same meaning alone.
 * @param neighbours how many mesh points each is a mean of. @param ridge how strongly it is drawn, in shares of the mean square.
 * @throws without faces.
 */
export function fitPeerMap(pairs: readonly MapPair[], neighbours = 12, ridge = 1e-3): PeerMap {
  if (pairs.length === 0) throw new Error('peer map: no faces to fit it on');
  const at = (points: ArrayLike<number>, k: number): [number, number] => [points[2 * k], points[2 * k + 1]];
  const shape = pairs[0].mesh;
  const gap = (a: number, b: number): number =>
    Math.hypot(...[0, 1].map((axis) => at(shape, a)[axis] - at(shape, b)[axis]));
  const rows = MESH_OF_IBUG.map((own, k) => {
    const others = [...new Set(MESH_OF_IBUG)].filter((other) => other !== own);
    const near = others.sort((a, b) => gap(own, a) - gap(own, b)).slice(0, neighbours - 1);
    // Seen from the point of the same meaning, the weights of the others are free, and its own is what is left to 1.
    const square = near.map(() => near.map(() => 0));
    const along = near.map(() => 0);
    for (const { mesh, truth } of pairs) {
      const size = Math.hypot(...[0, 1].map((axis) => at(truth, 36)[axis] - at(truth, 45)[axis]));
      for (const axis of [0, 1]) {
        const base = at(mesh, own)[axis];
        const steps = near.map((source) => (at(mesh, source)[axis] - base) / size);
        const off = (at(truth, k)[axis] - base) / size;
        steps.forEach((step, i) => {
          along[i] += step * off;
          steps.forEach((other, j) => (square[i][j] += step * other));
        });
      }
    }
    const pull = (ridge * square.reduce((sum, row, i) => sum + row[i], 0)) / near.length;
    square.forEach((row, i) => (row[i] += pull));
    const free = solve(square, along);
    const left = 1 - free.reduce((sum, weight) => sum + weight, 0);
    return { sources: [own, ...near], weights: [left, ...free] };
  });
  return { sources: rows.map(({ sources }) => sources), weights: rows.map(({ weights }) => weights) };
}

/** x of A x = b by Gaussian elimination; A is symmetric and positive definite, so no pivot is sought. */
function solve(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i]]);
  rows.forEach((pivot, i) => {
    for (let r = i + 1; r < rows.length; r++) {
      const factor = rows[r][i] / pivot[i];
      for (let c = i; c < pivot.length; c++) rows[r][c] -= factor * pivot[c];
    }
  });
  const x = new Array<number>(rows.length).fill(0);
  for (let i = rows.length - 1; i >= 0; i--) {
    const known = x.reduce((sum, value, c) => (c > i ? sum + value * rows[i][c] : sum), 0);
    x[i] = (rows[i][rows.length] - known) / rows[i][i];
  }
  return x;
}
