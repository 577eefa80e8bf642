/** Which models are on this device, and fetching those that are not; it goes on while other pages are shown. */

import { loadFiles } from '../../engine/model/fetch';
import { openFileCache } from '../../engine/model/cache';
import type { RegistryEntry } from '../../engine/types';
import { modelsCache, modelsUrl } from '../../shared/addresses';
import { errorMessage } from '../../shared/format/error';

export interface Fetching {
  readonly title: string;
  readonly loadedBytes: number;
  readonly totalBytes: number;
}

const bytesOf = (models: readonly RegistryEntry[]) =>
  models.flatMap(({ files }) => files).reduce((sum, { bytes }) => sum + bytes, 0);

class OfflineModels {
  registry = $state.raw<readonly RegistryEntry[]>([]);
  /** Ids of the models whose files are all here; null where the browser lets nothing be kept. */
  ids = $state.raw<ReadonlySet<string> | null>(null);
  fetching = $state.raw<Fetching | null>(null);
  /** Why fetching ended early. */
  problem = $state.raw<string | null>(null);
  #abort: AbortController | null = null;

  get missing(): readonly RegistryEntry[] {
    return this.registry.filter(({ id }) => !this.ids?.has(id));
  }

  get missingBytes(): number {
    return bytesOf(this.missing);
  }

  async check(registry: readonly RegistryEntry[]): Promise<void> {
    this.registry = registry;
    const cache = await openFileCache(modelsCache, modelsUrl());
    if (!cache) return;
    const isHere = async ({ files }: RegistryEntry) =>
      (await Promise.all(files.map((file) => cache.has(file)))).every(Boolean);
    const here = await Promise.all(registry.map(isHere));
    this.ids = new Set(registry.filter((_, i) => here[i]).map(({ id }) => id));
  }

  /** Fetches one model after the other. Files that came whole stay when this is paused or breaks off. */
  async fetchAll(): Promise<void> {
    this.problem = null;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      await this.#fetch(this.missing, signal);
      await this.check(this.registry);
      if (this.missing.length > 0) this.problem = 'Storage is full, so not all models stay.';
    } catch (thrown) {
      if (!signal.aborted) this.problem = errorMessage(thrown);
      await this.check(this.registry);
    }
    this.fetching = null;
  }

  pause(): void {
    this.#abort?.abort();
  }

  async #fetch(models: readonly RegistryEntry[], signal: AbortSignal): Promise<void> {
    const totalBytes = bytesOf(models);
    for (const [i, { title, files }] of models.entries()) {
      const before = bytesOf(models.slice(0, i));
      const onBytes = (bytes: number) => (this.fetching = { title, loadedBytes: before + bytes, totalBytes });
      await loadFiles(modelsUrl(), files, onBytes, { cache: modelsCache, signal });
    }
  }
}

export const offlineModels = new OfflineModels();
