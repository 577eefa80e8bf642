/** One of the things that this browser keeps of Mien. */

export interface StoredThing {
  readonly name: string;
  /** The kind of storage. */
  readonly where: string;
  /** What clearing it means for the person. */
  readonly loss: string;
  /** What is counted, in the singular; missing where a number says nothing. */
  readonly noun?: string;
  measure(): Promise<{ readonly bytes: number; readonly count?: number }>;
  clear(): Promise<void>;
}
