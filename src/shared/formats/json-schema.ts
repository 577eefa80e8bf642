/** Mien's JSON for other programs, as JSON Schema (draft 7): the files *.schema.json in docs. */

import { toJsonSchema } from '@valibot/to-json-schema';
import { filmFace, filmLine, filmPerson, filmSummary, frameLine, line, range } from './film/schema';
import { face, index, landmarks, pair, picture, place, scheme } from './json/schema';
import { mark, markedPicture, markScheme, marksFile } from './marks/schema';
import { recordedFace, recordedFrame, recording } from './recording/schema';
import { streamMessage } from './signals/message';
import { blink, eyeGaze, gaze, signals } from './signals/schema';

/** Forbids other fields in every object: files are written without any, though our reader ignores them. */
function closed(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(closed);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]) => [key, closed(value)]);
  const isObject = 'properties' in node && 'type' in node;
  return { ...Object.fromEntries(entries), ...(isObject && { additionalProperties: false }) };
}

type Schema = Parameters<typeof toJsonSchema>[0];

function jsonSchema(root: Schema, definitions: Record<string, Schema>): object {
  const schema = toJsonSchema(root, {
    target: 'draft-07',
    definitions,
    // JSON has only finite numbers.
    ignoreActions: ['finite'],
  });
  // The name in draft 7; the converter uses that of later drafts.
  return JSON.parse(JSON.stringify(closed(schema)).replaceAll('$defs', 'definitions')) as object;
}

/** By the name of its file in docs. */
export const jsonSchemas: Readonly<Record<string, () => object>> = {
  'landmarks.schema.json': () => jsonSchema(landmarks, { index, pair, place, scheme, picture, face }),
  'recording.schema.json': () =>
    jsonSchema(recording, { index, pair, place, blink, eyeGaze, gaze, signals, recordedFace, recordedFrame }),
  'film.schema.json': () =>
    jsonSchema(line, {
      filmLine,
      frameLine,
      filmFace,
      filmPerson,
      filmSummary,
      range,
      blink,
      eyeGaze,
      gaze,
      signals,
    }),
  'marks.schema.json': () => jsonSchema(marksFile, { index, pair, place, markScheme, mark, markedPicture }),
  'streams.schema.json': () => jsonSchema(streamMessage, { blink, eyeGaze, gaze, signals }),
};
