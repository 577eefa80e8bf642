/** `2 boxes without parts and 1 annotation without keypoints`. @param kinds one name per thing, in the singular */
export function formatSkipped(kinds: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const parts = Array.from(counts, ([kind, count]) => `${count} ${count === 1 ? kind : plural(kind)}`);
  return parts.join(', ').replace(/, (?=[^,]*$)/, parts.length > 1 ? ' and ' : ', ');
}

/** `box without parts` to `boxes without parts`. */
function plural(kind: string): string {
  return kind.replace(/^\w+/, (noun) => noun + (noun.endsWith('x') ? 'es' : 's'));
}
