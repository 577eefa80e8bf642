/** Learning in the background: one thing at a time, in turns of the engine host between which live frames have theirs. */

import type { Engine } from '../../../engine';
import type { LearnKind } from '../../../engine/types';
import type { LearnProgress, LearnRequest, MarkedPicture, TaughtScheme } from '../../../engine/teach-types';
import { errorMessage } from '../../../shared/format/error';
import { detectInBox, type Site } from '../detection';
import { decodePicture } from '../import';
import { decodedPixels } from '../pixel-budget';
import type { Lesson } from '../types';
import { cutOf, cutOut, inCut, type Marked } from './learn-requests';

/** Where taught models are kept: among a person's own. */
export interface TaughtModels {
  /** @param replaces id of the model whose place it takes @returns its id @throws when it is not taken */
  keep(file: Uint8Array<ArrayBuffer>, replaces: string | null): Promise<string>;
  has(id: string): boolean;
  remove(id: string): Promise<void>;
  /** Saves it as a ZIP. */
  save(id: string): Promise<void>;
}

export interface LessonPlan {
  /** The scheme's id, or that of one's own face. */
  readonly id: string;
  readonly kind: LearnKind;
  readonly title: string;
  /** Null for one's own face. */
  readonly scheme: TaughtScheme | null;
  /** Id of the model that it is learned on top of. */
  readonly base: string;
  readonly marked: readonly Marked[];
  readonly marksKey: string;
}

export type LearnState =
  | { readonly kind: 'idle' }
  /** `progress`: null while it waits for the engine. */
  | { readonly kind: 'learning'; readonly id: string; readonly progress: LearnProgress | null }
  | { readonly kind: 'failed'; readonly id: string; readonly message: string };

const idle: LearnState = { kind: 'idle' };

export class Learning {
  state = $state.raw<LearnState>(idle);
  #abort: AbortController | null = null;

  /** @param onLearned hears of the new model, and of the one whose place it took */
  constructor(
    private readonly site: Site,
    readonly models: TaughtModels,
    private readonly onLearned: (model: string, replaced: string | null) => void,
  ) {}

  /** Settles in any case; `state` and the store's lessons tell the outcome. While something is learned it does nothing. */
  async learn(plan: LessonPlan): Promise<void> {
    if (this.state.kind === 'learning') return;
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    this.#tell(plan.id, null);
    try {
      const { file, report } = await this.#run(plan, signal);
      signal.throwIfAborted();
      const before = this.site.store.lessons[plan.id]?.model ?? null;
      const model = await this.models.keep(file, before);
      const lesson: Lesson = { id: plan.id, model, report, marksKey: plan.marksKey, atMs: Date.now() };
      this.site.store.setLesson(lesson);
      this.state = idle;
      this.onLearned(model, before);
    } catch (thrown) {
      this.state = signal.aborted ? idle : { kind: 'failed', id: plan.id, message: errorMessage(thrown) };
    } finally {
      this.#abort = null;
    }
  }

  /** @param id of what may be under way; left out: whatever it is */
  cancel(id?: string): void {
    if (this.state.kind === 'learning' && (id ?? this.state.id) === this.state.id) this.#abort?.abort();
  }

  async #run(plan: LessonPlan, signal: AbortSignal) {
    const { base, kind, scheme, title } = plan;
    const turn = { model: base, priority: 'batch', signal } as const;
    const marked: MarkedPicture[] = [];
    for (const one of plan.marked) marked.push(await this.#picture(one, base, signal));
    const request: LearnRequest = { kind, scheme, title, marked };
    const engine = await this.site.host.run(turn, (own) => Promise.resolve<Engine>(own));
    return engine.learn(request, {
      signal,
      // A word of the worker may come after the end.
      onProgress: (progress) => {
        if (this.#abort?.signal === signal && !signal.aborted) this.#tell(plan.id, progress);
      },
      // On this very engine: another one knows nothing of what was read so far.
      turn: (step) => this.site.host.run({ ...turn, isLoadedOnly: true }, step),
    });
  }

  async #picture(marked: Marked, base: string, signal: AbortSignal): Promise<MarkedPicture> {
    const { photoId, box, landmarks } = marked;
    const own = landmarks && {
      model: base,
      points: landmarks.model === base ? landmarks.points : await this.#pointsOf(marked, base, signal),
    };
    const photo = this.site.store.get(photoId);
    const cut = cutOf(box, photo);
    const picture = async () => {
      const { name, width, height } = photo;
      const release = await decodedPixels.reserve(width * height, false);
      try {
        signal.throwIfAborted();
        const bitmap = await decodePicture(await this.site.store.file(photoId), name, { width, height });
        try {
          return await cutOut(bitmap, photo, cut);
        } finally {
          bitmap.close();
        }
      } finally {
        release();
      }
    };
    return { picture, ...inCut({ ...marked, landmarks: own }, cut) };
  }

  /** What the base itself sees, where another model's points led to the face. */
  async #pointsOf({ photoId, box }: Marked, base: string, signal: AbortSignal) {
    const face = await detectInBox(this.site, { photoId, model: base, priority: 'batch', signal }, box);
    return face.points;
  }

  #tell(id: string, progress: LearnProgress | null): void {
    this.state = { kind: 'learning', id, progress };
  }
}
