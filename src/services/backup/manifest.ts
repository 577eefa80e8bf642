/** What a backup says of itself: `manifest.json`, the last file in it. */

import * as v from 'valibot';

export const FORMAT = 'mien-backup';
/** Of the file's own shape; each part has one of its own besides. */
export const VERSION = 1;
export const MANIFEST = 'manifest.json';

const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const name = v.pipe(v.string(), v.regex(/^[a-z-]+$/));

const itemSchema = v.object({
  id: v.string(),
  title: v.string(),
  isQuiet: v.optional(v.boolean(), false),
  noun: v.optional(v.string()),
  /** So many lines has its file of records. */
  records: count,
  /** So many files with bytes are beside it. */
  blobs: count,
});

const manifestSchema = v.object({
  format: v.literal(FORMAT),
  version: count,
  made: v.string(),
  parts: v.array(v.object({ name, version: count, items: v.array(itemSchema) })),
});

export type ManifestItem = v.InferOutput<typeof itemSchema>;
export type BackupManifest = v.InferOutput<typeof manifestSchema>;

/** Paths of an item's files; items count from 1. */
export const itemFolder = (part: string, index: number) => `${part}/${index + 1}`;
export const recordsPath = (folder: string) => `${folder}/records.jsonl`;
export const blobPath = (folder: string, index: number) => `${folder}/${index}`;

/** @throws Error naming the file when it is no backup, or one of a newer version of the app */
export function parseManifest(text: string, file: string): BackupManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file}: ${MANIFEST} is damaged`, { cause });
  }
  const { format, version } = (json ?? {}) as { format?: unknown; version?: unknown };
  if (format !== FORMAT) throw new Error(`${file}: is no file of everything kept in Mien`);
  if (typeof version === 'number' && version > VERSION)
    throw new Error(`${file}: was made by a newer version of Mien; reload the page to get it`);
  const result = v.safeParse(manifestSchema, json);
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new Error(`${file}: ${MANIFEST}, ${v.getDotPath(issue) ?? 'all of it'}: ${issue.message}`);
}
