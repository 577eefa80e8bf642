/** The models that a person brought along. Where storage is forbidden or full, they serve until the page is closed. */

import type { ModelSource } from '../../engine/types';
import type { Listing } from '../../shared/imaging/file-listing';
import { askToPersist } from '../../shared/storage/persist';
import { toStorageError, type StorageError } from '../../shared/storage/storage-error';
import { unsavedMessage, unopenedMessage } from '../../shared/storage/unopened-message';
import type { ModelStore, OpenModelStore, OwnModelEntry } from './own-model-storage';
import type { PreparedModel } from './prepare';
import { errorMessage } from '../../shared/format/error';

/** What checks and keeps models comes when there is one. */
const openStoreLater: OpenModelStore = async () => (await import('./own-model-storage')).openModelStore();

export class OwnModels {
  entries = $state.raw<readonly OwnModelEntry[]>([]);
  /** What could not be taken or kept, in sentences. */
  problems = $state.raw<readonly string[]>([]);

  /** Models that storage does not have, by id. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing on the screen reads it
  readonly #unkept = new Map<string, ModelSource>();
  readonly #store: Promise<ModelStore | null>;
  /** Why what is kept cannot be read. */
  #fault: StorageError | null = null;
  readonly #loaded: Promise<void>;

  constructor(openStore: OpenModelStore = openStoreLater) {
    this.#store = openStore().catch((thrown: unknown) => {
      this.#fault = toStorageError(thrown, 'storage');
      return null;
    });
    this.#loaded = this.#load();
  }

  /** Takes every model of a listing. @returns those that were taken. */
  async add({ files, problems }: Listing): Promise<readonly OwnModelEntry[]> {
    await this.#loaded;
    this.problems = problems.map(({ message }) => message);
    const added: OwnModelEntry[] = [];
    try {
      const [{ gatherModels }, { prepareModel }] = await Promise.all([
        import('./gather'),
        import('./prepare'),
      ]);
      for (const source of await gatherModels(files)) {
        const prepared = await prepareModel(source, Date.now());
        await this.#keep(prepared);
        this.entries = [...this.entries.filter(({ id }) => id !== prepared.entry.id), prepared.entry];
        added.push(prepared.entry);
      }
    } catch (thrown) {
      this.#tell(thrown);
    }
    return added;
  }

  /** Shows models that came into storage from elsewhere. @throws StorageError */
  async refresh(): Promise<void> {
    await this.#loaded;
    const kept = (await (await this.#store)?.load()) ?? [];
    const ids = kept.map(({ id }) => id);
    this.entries = [...kept, ...this.entries.filter(({ id }) => !ids.includes(id))];
  }

  async remove(id: string): Promise<void> {
    this.entries = this.entries.filter((entry) => entry.id !== id);
    this.#unkept.delete(id);
    try {
      await (await this.#store)?.remove(id);
    } catch (thrown) {
      this.#tell(thrown);
    }
  }

  dismiss(): void {
    this.problems = [];
  }

  /** All of them, once storage was read. */
  async list(): Promise<readonly OwnModelEntry[]> {
    await this.#loaded;
    return this.entries;
  }

  /** Why models of earlier visits cannot be read; null where they can. */
  async fault(): Promise<StorageError | null> {
    await this.#loaded;
    return this.#fault;
  }

  /** Whether it will be there on the next visit. */
  isKept(id: string): boolean {
    return this.entries.some((entry) => entry.id === id) && !this.#unkept.has(id);
  }

  /** The files of a model, or null where none of these has that id. @throws EngineError or StorageError when they are lost. */
  async source(id: string): Promise<ModelSource | null> {
    await this.#loaded;
    const unkept = this.#unkept.get(id);
    if (unkept) return unkept;
    const entry = this.entries.find((candidate) => candidate.id === id);
    const store = await this.#store;
    if (!entry || !store) return null;
    const [files, { checkKept }] = await Promise.all([store.files(entry), import('./prepare')]);
    return checkKept(entry, files);
  }

  async #load(): Promise<void> {
    try {
      this.entries = (await (await this.#store)?.load()) ?? [];
      // Where nothing can be kept, nothing is missing yet.
      if (this.#fault && this.#fault.problem !== 'unavailable') this.#tellFault(this.#fault);
    } catch (thrown) {
      this.#fault = toStorageError(thrown, 'storage');
      this.#tellFault(this.#fault);
    }
  }

  async #keep({ entry, files }: PreparedModel): Promise<void> {
    const store = await this.#store;
    try {
      if (store) {
        await store.add(entry, files);
        askToPersist();
        this.#unkept.delete(entry.id);
        return;
      }
      if (this.#fault) this.#tellFault(this.#fault);
    } catch (thrown) {
      this.#tell(unsavedMessage(toStorageError(thrown, `model ${entry.title}`), entry.title));
    }
    this.#unkept.set(entry.id, { path: entry.path, files });
  }

  #tellFault(fault: StorageError): void {
    this.#tell(unopenedMessage(fault, 'Models of your own'));
  }

  #tell(thrown: unknown): void {
    const message = errorMessage(thrown);
    if (!this.problems.includes(message)) this.problems = [...this.problems, message];
  }
}
