/** The one engine of the page. */
import { createEngine } from '../../../src/engine';
import type { Engine } from '../../../src/engine';
import type { EngineInfo, EngineOptions } from '../../../src/engine/types';

let current: Engine | null = null;

/** The open engine. @throws when there is none. */
export function engine(): Engine {
  if (!current) throw new Error('bench page: no engine is open');
  return current;
}

/** Opens an engine in place of the last one. */
export async function open(options: EngineOptions): Promise<EngineInfo> {
  await close();
  current = await createEngine(options);
  return current.info;
}

export async function close(): Promise<void> {
  await current?.dispose();
  current = null;
}
