/** A wait that ends. */

/** @param late what is said where it takes longer. @throws Error then; what the promise brings after it is dropped. */
export function inTime<T>(promise: Promise<T>, limitMs: number, late: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${late} within ${limitMs} ms`)), limitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
