/** `1 face`, `3 faces`, `2 boxes without parts`. @param noun in the singular; what follows its first word stays as it is */
export function formatQuantity(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  return `${count} ${noun.replace(/^\w+/, (word) => word + (word.endsWith('x') ? 'es' : 's'))}`;
}
