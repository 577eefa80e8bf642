/** What is known of a tensor before anything has run. */

export interface Shaped {
  readonly shape: readonly number[];
  readonly dtype: 'float' | 'int';
  /** Integers that other nodes read as sizes, axes or indices; null where they are not known. */
  readonly ints: readonly number[] | null;
}

export const sizeOf = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);

export const formatShape = (shape: readonly number[]): string => `(${shape.join(', ')})`;

export const floats = (shape: readonly number[]): Shaped => ({ shape, dtype: 'float', ints: null });

export const ints = (shape: readonly number[], values: readonly number[]): Shaped => ({
  shape,
  dtype: 'int',
  ints: values,
});
