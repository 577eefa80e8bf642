/** Modules that people import, relative to the repository, without their ending. */
export const ENTRIES: readonly string[] = ['lib/index', 'lib/node'];
