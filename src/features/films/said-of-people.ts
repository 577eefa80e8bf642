/** What a person said of who is who in a film, apart from what was read of it. */

import type { FilmRecord, SaidOfPeople } from './types';

const keys: readonly (keyof SaidOfPeople)[] = ['names', 'edits', 'hidden', 'people'];

export const saidOfPeople = ({ names, edits, hidden, people }: FilmRecord): SaidOfPeople => ({
  ...{ names, edits, hidden },
  ...(people && { people }),
});

/** Whether a change says something of people. */
export const saysOfPeople = (patch: Partial<FilmRecord>): boolean => keys.some((key) => key in patch);
