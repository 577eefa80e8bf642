/** The recordings of Live, for the page Films to read. */

import { formatDuration } from '../features/live/recording/labels';
import type { Recordings } from '../features/live/recording/recordings.svelte';

export const keptRecordings = (recordings: Recordings) => ({
  async list() {
    await recordings.load();
    return recordings.kept.map(({ id, startedMs, durationMs }) => ({
      id,
      title: `${new Date(startedMs).toLocaleString()}, ${formatDuration(durationMs)}`,
    }));
  },
  open: (id: string): Promise<File> => recordings.film(id),
});
