/** What was saved or read back, in sentences. */

import { formatCount } from '../../shared/format/count';
import type { BackupPart, Outcome } from './types';

export interface Counted {
  readonly part: Pick<BackupPart, 'noun'>;
  readonly count: number;
}

/** `3 pictures, 1 film`; settings are just `settings`. */
export function listItems(counts: readonly Counted[]): string {
  return counts
    .filter(({ count }) => count > 0)
    .map(({ part: { noun }, count }) => (noun.endsWith('s') ? noun : formatCount(count, noun)))
    .join(', ');
}

/** An item that was read back. */
export interface Taken {
  readonly part: Pick<BackupPart, 'name' | 'noun'>;
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
  const list = (some: readonly Taken[]) => {
    const parts = [...new Map(some.map(({ part }) => [part.name, part])).values()];
    return listItems(
      parts.map((part) => ({ part, count: some.filter((one) => one.part.name === part.name).length })),
    );
  };
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
