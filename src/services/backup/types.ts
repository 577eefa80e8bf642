/** A backup: everything that a person made, as one file that another browser reads back. Each store of the app has a part in it. */

/** In the place of a value that storage has, but cannot read: browsers lose bytes of what they keep now and then. */
export class Unreadable {
  constructor(readonly reason: unknown) {}
}

/** A record of a store; a value may hold blobs and typed arrays. */
export interface StoredRecord {
  readonly store: string;
  readonly key: IDBValidKey;
  readonly value: unknown;
}

/** Records that belong together, such as a picture with its points: read back whole or not at all. */
export interface BackupItem {
  /** Unique in its part. */
  readonly id: string;
  /** For messages. */
  readonly title: string;
  /** Serves others, such as the description of a model: nobody counts it. */
  readonly isQuiet?: boolean;
  /** What it is called in the singular, where that is not what the others of its part are called. */
  readonly noun?: string;
  /** One after the other, the same each time; without the first, the item is nothing. */
  records(): AsyncIterable<StoredRecord>;
}

/** An item out of a file. */
export interface IncomingItem extends BackupItem {
  /** Of its content: the same for the same content. */
  readonly stamp: string;
}

/** What became of an item that was read back. */
export type Outcome =
  | 'added'
  /** It was here already, just as it is in the file. */
  | 'same'
  /** What was missing here was taken over. */
  | 'merged'
  /** What is here is another: both are kept. */
  | 'both'
  /** What is here is another, and stays. */
  | 'ours';

export interface BackupPart {
  /** Its folder in the file. */
  readonly name: string;
  /** As in `Photos`. */
  readonly title: string;
  /** What its items are called, in the singular. */
  readonly noun: string;
  /** Of the records' shape. */
  readonly version: number;
  /** Resolves once what can be saved is in storage. */
  settle?(): Promise<void>;
  /** @throws StorageError when storage cannot be read */
  items(): AsyncIterable<BackupItem>;
  /**
   * Looks an item through before anything is changed.
   * @param version of the shape of its records, at most the part's own
   * @throws Error naming the item and what is wrong with it
   */
  check(item: IncomingItem, version: number): Promise<void>;
  /** Takes over a checked item, whole or not at all. @throws StorageError */
  take(item: IncomingItem, version: number): Promise<Outcome>;
  /** Shows what was taken over. */
  refresh(): Promise<void>;
}

export interface BackupProgress {
  readonly kind: 'saving' | 'checking' | 'reading back';
  /** Of the part that is worked on. */
  readonly title: string;
  readonly done: number;
  /** Items of that part; null where they were not counted. */
  readonly total: number | null;
}

export interface BackupHooks {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: BackupProgress) => void;
}

export interface SavedBackup {
  readonly name: string;
  readonly blob: Blob;
  /** What is in it, and what is not, in sentences. */
  readonly notes: readonly string[];
}

export interface Backup {
  /** @throws the signal's reason, or Error */
  save(hooks: BackupHooks): Promise<SavedBackup>;
  /**
   * Reads a backup and merges it with what is here.
   * @returns what became of it, in sentences
   * @throws Error naming the file and what is wrong with it, having changed nothing; or saying how far it came
   */
  restore(file: File, hooks: BackupHooks): Promise<readonly string[]>;
}
