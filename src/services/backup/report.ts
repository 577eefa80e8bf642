/** What was saved or read back, in sentences. */

import { formatQuantity } from '../../shared/format/quantity';
import type { Outcome } from './types';

/** `3 pictures, 1 film`, in the order in which they come; settings are just `settings`. @param nouns of all items */
export function listItems(nouns: readonly string[]): string {
  const counts: Record<string, number> = {};
  for (const noun of nouns) counts[noun] = (counts[noun] ?? 0) + 1;
  return Object.entries(counts)
    .map(([noun, count]) => (/^\w+s$/.test(noun) ? noun : formatQuantity(count, noun)))
    .join(', ');
}

/** An item that was read back. */
export interface Taken {
  /** What it is called, in the singular. */
  readonly noun: string;
  readonly title: string;
  readonly outcome: Outcome;
}

/** Titles in a sentence before it says how many more there are. */
const MAX_TITLES = 3;

function listTitles(taken: readonly Taken[]): string {
  const titles = taken.slice(0, MAX_TITLES).map(({ title }) => title);
  const more = taken.length - titles.length;
  return titles.join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export function describeTaken(taken: readonly Taken[]): readonly string[] {
  const of = (outcome: Outcome) => taken.filter((one) => one.outcome === outcome);
  const list = (some: readonly Taken[]) => listItems(some.map(({ noun }) => noun));
  const [added, same, merged, both, ours] = (['added', 'same', 'merged', 'both', 'ours'] as const).map(of);
  return [
    added.length ? `Read back: ${list(added)}.` : '',
    merged.length ? `What was missing here was taken over: ${listTitles(merged)}.` : '',
    both.length ? `Not the same as here, so both are kept: ${listTitles(both)}.` : '',
    ours.length ? `Not the same as here, where they were left as they are: ${listTitles(ours)}.` : '',
    same.length ? `Here already: ${list(same)}.` : '',
    taken.length ? '' : 'The file holds nothing.',
  ].filter(Boolean);
}
