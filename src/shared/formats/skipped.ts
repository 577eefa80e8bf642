import { formatQuantity } from '../format/quantity';

/** `2 boxes without parts and 1 annotation without keypoints`. @param kinds one name per thing, in the singular */
export function formatSkipped(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = Array.from(counts, ([kind, count]) => formatQuantity(count, kind));
  return parts.join(', ').replace(/, (?=[^,]*$)/, parts.length > 1 ? ' and ' : ', ');
}
