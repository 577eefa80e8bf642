/** How fast frames are read, and how long the rest takes. */

/** The speed is that of the last so many seconds. */
const WINDOW_MS = 5000;

export interface Pace {
  readonly framesPerSecond: number;
  /** Ms; null where the length of the film is unknown. */
  readonly leftMs: number | null;
}

export interface PaceMeter {
  /** Says that another frame is done. @param filmMs its time in the film @param nowMs on any steady clock */
  add(filmMs: number, nowMs: number): void;
  /** Null until it can be told. */
  pace(durationMs: number | null): Pace | null;
}

export function createPaceMeter(): PaceMeter {
  let marks: { filmMs: number; nowMs: number }[] = [];
  return {
    add(filmMs, nowMs) {
      marks = [...marks.filter((mark) => nowMs - mark.nowMs <= WINDOW_MS), { filmMs, nowMs }];
    },
    pace(durationMs) {
      const [first, last] = [marks[0], marks[marks.length - 1]];
      if (!first || last.nowMs <= first.nowMs) return null;
      const elapsedMs = last.nowMs - first.nowMs;
      const speed = (last.filmMs - first.filmMs) / elapsedMs;
      const restMs = durationMs === null || speed <= 0 ? null : Math.max(0, durationMs - last.filmMs) / speed;
      return { framesPerSecond: (1000 * (marks.length - 1)) / elapsedMs, leftMs: restMs };
    },
  };
}
