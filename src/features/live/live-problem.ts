/** What a person is told when the live view failed, and what they can do about it. */

import { problemOf, withoutActions, type Action, type Problem } from '../../services/messages';

export interface Failing {
  /** Whether another model ran before the one in use. */
  readonly hasPrevious: boolean;
  /** Whether the model in use is the first of the registry. */
  readonly isFirst: boolean;
  /** Whether the engine chose backend and thread itself. */
  readonly isPlaceFree: boolean;
}

/** The problem, without the actions that would change nothing. */
export function liveProblemOf(thrown: unknown, { hasPrevious, isFirst, isPlaceFree }: Failing): Problem {
  const useless: Action[] = [
    hasPrevious ? 'first-model' : 'previous-model',
    ...(isFirst ? (['first-model'] as const) : []),
    ...(isPlaceFree ? (['any-backend'] as const) : []),
  ];
  return withoutActions(problemOf(thrown), useless);
}
