/** The recordings in a file of everything that a person made. */

import * as v from 'valibot';
import { createDatabasePart } from '../../../services/backup/database-part';
import type { BackupPart } from '../../../services/backup/types';
import { recordingDatabase, type RecordingSchema } from './recording-storage';
import type { Recordings } from './recordings.svelte';

export function createRecordingsPart(recordings: Recordings): BackupPart {
  return createDatabasePart<RecordingSchema>({
    name: 'recordings',
    title: 'Recordings',
    noun: 'recording',
    database: recordingDatabase,
    main: 'recordings',
    titleOf: ({ startedMs }) => `recording of ${new Date(Number(startedMs)).toLocaleString()}`,
    schemas: {
      recordings: v.looseObject({
        id: v.string(),
        startedMs: v.number(),
        type: v.string(),
        width: v.number(),
        height: v.number(),
        durationMs: v.number(),
        scheme: v.looseObject({ names: v.array(v.string()) }),
      }),
      parts: v.looseObject({ video: v.instance(Blob), frames: v.instance(Blob) }),
    },
    ours: [],
    isWhole: true,
    refresh: () => recordings.load(),
  });
}
