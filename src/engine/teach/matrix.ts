/** Symmetric positive definite systems, by Cholesky's method. All matrices lie row by row. */

/**
 * Lower triangle L of `matrix` = L·Lᵀ, (size, size); only the lower triangle of `matrix` is read.
 * @throws where it is not positive definite.
 */
export function choleskyOf(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = i * size;
    for (let j = 0; j <= i; j++) {
      const other = j * size;
      const sum = matrix[row + j] - dot(lower, row, other, j);
      if (i !== j) {
        lower[row + j] = sum / lower[other + j];
        continue;
      }
      if (!(sum > 0)) throw new Error(`Cholesky: the matrix is not positive definite at row ${i}`);
      lower[row + j] = Math.sqrt(sum);
    }
  }
  return lower;
}

/** Inner product of two rows. Four sums side by side: one alone would wait for itself at each step. */
function dot(values: Float64Array, one: number, other: number, length: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  let k = 0;
  for (; k + 3 < length; k += 4) {
    a += values[one + k] * values[other + k];
    b += values[one + k + 1] * values[other + k + 1];
    c += values[one + k + 2] * values[other + k + 2];
    d += values[one + k + 3] * values[other + k + 3];
  }
  for (; k < length; k++) a += values[one + k] * values[other + k];
  return a + b + (c + d);
}

/** X with L·Lᵀ·X = `right`, (size, columns). */
export function solveCholesky(lower: Float64Array, size: number, right: Float64Array): Float64Array {
  const columns = right.length / size;
  const solved = Float64Array.from(right);
  const add = (to: number, from: number, factor: number) => {
    for (let c = 0; c < columns; c++) solved[to * columns + c] += factor * solved[from * columns + c];
  };
  const divide = (row: number) => {
    for (let c = 0; c < columns; c++) solved[row * columns + c] /= lower[row * size + row];
  };
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) add(i, k, -lower[i * size + k]);
    divide(i);
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) add(i, k, -lower[k * size + i]);
    divide(i);
  }
  return solved;
}
