/**
 * Undo and redo without limit. A history holds whole values rather than changes: they share all that stayed the same, so a
 * moved face of 68 points costs about a kilobyte. The present value is kept by whoever shows it.
 */

/** One thing a person did: the value before it, what it was, and the gesture it belongs to. */
export interface Step<T, Kind extends string> {
  readonly kind: Kind;
  /** The value on the other side of the step: before it in the past, after it in the future. */
  readonly value: T;
  /** Steps of one gesture, a drag say, count as one. */
  readonly gesture: symbol | null;
}

export interface History<T, Kind extends string> {
  /** The newest last. */
  readonly past: readonly Step<T, Kind>[];
  /** The next one last. */
  readonly future: readonly Step<T, Kind>[];
}

/** A step taken, and the value that is the present one after it. */
export interface Stepped<T, Kind extends string> {
  readonly history: History<T, Kind>;
  readonly present: T;
  readonly kind: Kind;
}

export const emptyHistory: History<never, never> = { past: [], future: [] };

/**
 * The value a change starts from: the present one; within a gesture under way, the one from before it, so that a drag is
 * always told by its whole way and rounding does not add up.
 */
export function baseOf<T, Kind extends string>(
  { past }: History<T, Kind>,
  present: T,
  gesture: symbol | null = null,
): T {
  const last = past.at(-1);
  return gesture !== null && last?.gesture === gesture ? last.value : present;
}

/** Remembers that the present value is about to change. What was undone before cannot be redone any more. */
export function record<T, Kind extends string>(
  { past }: History<T, Kind>,
  kind: Kind,
  present: T,
  gesture: symbol | null = null,
): History<T, Kind> {
  const goesOn = gesture !== null && past.at(-1)?.gesture === gesture;
  return { past: goesOn ? past : [...past, { kind, value: present, gesture }], future: [] };
}

/** @returns null when there is nothing to undo. */
export function undo<T, Kind extends string>(
  { past, future }: History<T, Kind>,
  present: T,
): Stepped<T, Kind> | null {
  const step = past.at(-1);
  if (!step) return null;
  const undone = { kind: step.kind, value: present, gesture: null };
  return {
    history: { past: past.slice(0, -1), future: [...future, undone] },
    present: step.value,
    kind: step.kind,
  };
}

/** @returns null when nothing was undone. */
export function redo<T, Kind extends string>(
  { past, future }: History<T, Kind>,
  present: T,
): Stepped<T, Kind> | null {
  const step = future.at(-1);
  if (!step) return null;
  const redone = { kind: step.kind, value: present, gesture: null };
  return {
    history: { past: [...past, redone], future: future.slice(0, -1) },
    present: step.value,
    kind: step.kind,
  };
}
