/** What a person is told about what came in and what went wrong, and what a person has to decide. */

import type { Doubt } from './import/doubts';
import { foldNotices, storageMessage, type Heard } from './messages';
import type { PhotoStore, StorageState } from './store.svelte';
import type { Notice, Question } from './types';

export class News {
  /** What a person has to decide about files that came in, the oldest first. */
  questions = $state.raw<readonly Question[]>([]);

  #heard = $state.raw<readonly Heard[]>([]);
  readonly #told = $derived(foldNotices(this.#heard));
  /** A word about storage is dismissed until there is another. */
  #dismissed = $state.raw<StorageState | null>(null);

  constructor(private readonly store: PhotoStore) {}

  get notices(): readonly Notice[] {
    const { storage } = this.store;
    const message = storage === this.#dismissed ? null : storageMessage(storage);
    return message === null ? this.#told : [{ kind: 'problem', message }, ...this.#told];
  }

  /** Whether a notice is about pictures that are not in storage as they are here. */
  get hasUnsaved(): boolean {
    const { storage } = this.store;
    return storage !== this.#dismissed && storage.kind === 'failed' && storage.unsavedCount > 0;
  }

  dismiss(): void {
    this.#heard = [];
    this.#dismissed = this.store.storage;
  }

  hear(heard: Heard): void {
    this.#heard = [...this.#heard, heard];
  }

  readonly hearProblem = (thrown: unknown): void => this.hear({ kind: 'problem', thrown });

  /** @param take does what follows from the answer; what it throws is heard */
  ask<A>({ text, choices }: Doubt<A>, take: (answers: readonly A[]) => void | Promise<void>): void {
    const question: Question = {
      text,
      choices: choices.map(({ label, answers }) => ({ label, apply: () => take(answers) })),
    };
    this.questions = [...this.questions, question];
  }

  /** @param choice index of the answer; null leaves the files out */
  async answer(question: Question, choice: number | null): Promise<void> {
    this.questions = this.questions.filter((one) => one !== question);
    try {
      if (choice !== null) await question.choices[choice].apply();
    } catch (thrown) {
      this.hearProblem(thrown);
    }
  }

  /** Nothing is asked any more: what it was about is gone. */
  forgetQuestions(): void {
    this.questions = [];
  }
}
