/** A browser of any engine, as far as the tour needs it: it goes to a page, and runs code there. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Visitor {
  /** Name and version, as the browser gives them. */
  readonly engine: string;
  go(url: string): Promise<void>;
  /** What `script`, the body of an async function, returns in the page: JSON. */
  run<T>(script: string): Promise<T>;
  /** A PNG of the window. */
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** An engine that the tour may be taken in. */
export interface Engine {
  readonly name: string;
  /** Why it cannot be started here; null where it can. */
  missing(): string | null;
  start(): Promise<Visitor>;
}

/** Path of the first of these programs that can be run, in the folders of PATH and these others; null without one. */
export function findProgram(names: readonly string[], folders: readonly string[] = []): string | null {
  const places = [...(process.env.PATH ?? '').split(delimiter), ...folders];
  const isExecutable = (path: string) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  return places.flatMap((folder) => names.map((name) => join(folder, name))).find(isExecutable) ?? null;
}
