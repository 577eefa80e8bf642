/** All models there are: those of the registry, and those that the person added. */

import { findEntry, loadManifest, loadRegistry, parseJson } from '../../engine/model/fetch';
import { parseManifest } from '../../engine/model/manifest';
import type { EngineOptions, Manifest, RegistryEntry } from '../../engine/types';
import type { OwnModels } from './own-models.svelte';
import { StorageError } from '../../shared/storage/storage-error';
import { modelsCache, modelsUrl } from '../../shared/addresses';

export class Models {
  /** Empty until it was read. */
  registry = $state.raw<readonly RegistryEntry[]>([]);

  constructor(readonly own: OwnModels) {}

  /** The standard one first; none until the registry was read. */
  get list(): readonly RegistryEntry[] {
    return this.registry.length ? [...this.registry, ...this.own.entries] : [];
  }

  isOwn(id: string): boolean {
    return this.own.entries.some((entry) => entry.id === id);
  }

  /** Reads whatever was not read yet. @throws EngineError when the registry cannot be read */
  async load(): Promise<readonly RegistryEntry[]> {
    await this.own.list();
    if (!this.registry.length) this.registry = await loadRegistry(modelsUrl());
    return this.list;
  }

  /** What a model says of itself. @throws EngineError or StorageError */
  async manifest(entry: RegistryEntry): Promise<Manifest> {
    const source = await this.own.source(entry.id);
    if (!source) return loadManifest(modelsUrl(), entry, { cache: modelsCache });
    const text = (await source.files.get(source.path)?.text()) ?? '';
    const json = parseJson(text, entry.id, 'bad-model');
    const { base } = this.own.entries.find(({ id }) => id === entry.id) ?? {};
    return base === undefined ? parseManifest(json, entry.id) : this.#taughtManifest(json, entry.id, base);
  }

  /** That of its base, with what was taught. */
  async #taughtManifest(json: unknown, id: string, base: string): Promise<Manifest> {
    const [{ manifestOfTaught }] = await Promise.all([import('./taught'), this.load()]);
    return manifestOfTaught(json, id, await this.manifest(findEntry(this.registry, base)));
  }

  /** What the engine is to be made with for this id. @throws EngineError or StorageError when own files cannot be read */
  async source(model: EngineOptions['model']): Promise<EngineOptions['model']> {
    if (typeof model !== 'string') return model;
    const source = await this.own.source(model);
    if (source) return source;
    const fault = await this.own.fault();
    if (fault && !(await this.load()).some(({ id }) => id === model))
      throw new StorageError(fault.problem, `model ${model}: cannot be read; ${fault.message}`, {
        cause: fault,
      });
    return model;
  }
}
