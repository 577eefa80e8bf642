/** `0:07`, `12:30`. */
export function formatDuration(durationMs: number): string {
  const seconds = Math.round(durationMs / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** `2026-01-31-14-05-09`, in UTC: for names of files. */
export function formatStamp(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 19).replace(/[T:]/g, '-');
}
