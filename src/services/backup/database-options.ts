/** What the part of a database is told of it. */

import type { DBSchema } from 'idb';
import type * as v from 'valibot';
import type { Migrations } from '../../shared/storage/database';
import type { BackupItem, BackupPart } from './types';

export interface Database<S extends DBSchema> {
  readonly name: string;
  readonly migrations: Migrations<S>;
}

export interface DatabasePartOptions<S extends DBSchema> extends Pick<
  BackupPart,
  'name' | 'title' | 'noun' | 'settle' | 'refresh'
> {
  readonly database: Database<S>;
  /**
   * The store whose records are the items, by `id`. Records of other stores whose key is, or begins with, such an id belong
   * to it; those of stores with an `id` of their own are items by themselves.
   */
  readonly main: string;
  readonly titleOf: (record: Record<string, unknown>) => string;
  /** What records have to look like to be of use, by their store; they may have more. */
  readonly schemas: Readonly<Record<string, v.GenericSchema>>;
  /** Fields that are no work of a person's: on merging, what is here stands. */
  readonly ours: readonly string[];
  /** What belongs to an item makes sense only as a whole: two items in which it differs are two. */
  readonly isWhole?: boolean;
  /** Stores with items of their own that nobody counts. */
  readonly quiet?: readonly string[];
  /** Stores whose records are made of those of others: they do not travel. */
  readonly derived?: readonly string[];
  /** What items of stores of their own are called, by the store: in the singular. */
  readonly nouns?: Readonly<Record<string, string>>;
  /** Items that storage does not have, or not as they are now. */
  readonly more?: () => AsyncIterable<BackupItem>;
  /** An item's own record, as storage has it, with what found no room there. Default: as it is. */
  readonly asHere?: (stored: Record<string, unknown>) => Record<string, unknown>;
}
