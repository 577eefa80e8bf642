/** The time that a film is played at. */

export interface PlayClock {
  /** Ms of the film. */
  now(): number;
}

/**
 * Follows the sound while it runs, since ears notice what eyes do not; before it starts and after it ends the system's clock
 * goes on from there.
 * @param soundMs where the sound is, null where it does not run
 * @param systemMs a clock that always runs
 */
export function createPlayClock(
  fromMs: number,
  soundMs: () => number | null,
  systemMs: () => number = () => performance.now(),
): PlayClock {
  let [filmMs, sinceMs] = [fromMs, systemMs()];
  return {
    now() {
      const heardMs = soundMs();
      if (heardMs !== null) [filmMs, sinceMs] = [heardMs, systemMs()];
      return filmMs + systemMs() - sinceMs;
    },
  };
}
