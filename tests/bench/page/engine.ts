/** The one engine of the page, and what it holds in memory. */
import { createEngine } from '../../../src/engine';
import type { Engine, EngineInfo, EngineOptions } from '../../../src/engine/types';

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

export interface Memory {
  readonly tensors: number;
  /** JS heap of the page and its workers after a collection, bytes. */
  readonly heapBytes: number;
}

declare global {
  interface Performance {
    /** https://wicg.github.io/performance-measure-memory; only where the page is cross-origin isolated. */
    measureUserAgentSpecificMemory?(): Promise<{ readonly bytes: number }>;
  }
}

/** @throws where the browser does not measure memory. */
export async function memory(): Promise<Memory> {
  if (!performance.measureUserAgentSpecificMemory)
    throw new Error('memory: this page cannot measure its heap');
  const { bytes } = await performance.measureUserAgentSpecificMemory();
  return { tensors: await engine().tensorCount(), heapBytes: bytes };
}
