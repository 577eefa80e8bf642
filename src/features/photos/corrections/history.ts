/**
 * Undo and redo without limit. A history holds whole values rather than changes: they share all that stayed the same, so a
 * moved face of 68 points costs about a kilobyte, and a step costs the same after ten thousand as after ten. The present
 * value is kept by whoever shows it.
 */

/** The value on the other side of one thing a person did: before it in the past, after it in the future. */
export interface Step<T> {
  readonly value: T;
  /** Changes of one gesture, a drag say, are one step. */
  readonly gesture: symbol | null;
  /** The step further away from the present. */
  readonly further: Step<T> | null;
  /** Of the newest step: what could be redone before it, for the case that its gesture is cancelled. */
  readonly undone?: Step<T> | null;
}

export interface History<T> {
  /** The newest step. */
  readonly past: Step<T> | null;
  /** The step that was undone last. */
  readonly future: Step<T> | null;
}

/** A history after a step through it, and the value that is the present one then. */
export interface Stepped<T> {
  readonly history: History<T>;
  readonly present: T;
}

export const emptyHistory: History<never> = { past: null, future: null };

/**
 * The value a change starts from: the present one; within a gesture under way, the one from before it, so that a drag is
 * always given by its whole distance and rounding does not add up.
 */
export function baseOf<T>({ past }: History<T>, present: T, gesture: symbol | null = null): T {
  return gesture !== null && past?.gesture === gesture ? past.value : present;
}

/** Remembers that the present value is about to change. What was undone before cannot be redone any more. */
export function record<T>(
  { past, future }: History<T>,
  present: T,
  gesture: symbol | null = null,
): History<T> {
  if (gesture !== null && past?.gesture === gesture) return { past, future: null };
  const further = past && { ...past, undone: null };
  return { past: { value: present, gesture, further, undone: future }, future: null };
}

/** As if the gesture had never begun. @returns null when it is not the newest step. */
export function cancel<T>({ past }: History<T>, gesture: symbol): Stepped<T> | null {
  if (past?.gesture !== gesture) return null;
  return { history: { past: past.further, future: past.undone ?? null }, present: past.value };
}

/** @returns null when there is nothing to undo. */
export function undo<T>({ past, future }: History<T>, present: T): Stepped<T> | null {
  if (!past) return null;
  const undone = { value: present, gesture: null, further: future };
  return { history: { past: past.further, future: undone }, present: past.value };
}

/** @returns null when nothing was undone. */
export function redo<T>({ past, future }: History<T>, present: T): Stepped<T> | null {
  if (!future) return null;
  const redone = { value: present, gesture: null, further: past };
  return { history: { past: redone, future: future.further }, present: future.value };
}
