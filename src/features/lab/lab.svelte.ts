/** One visit to the Lab: the picture it looks at, the network it looks into, and what is newest of both. */

import type { Network } from '../../engine/inspect/types';
import type { EngineInfo, RegistryEntry, Result } from '../../engine/types';
import { pictureProblemOf, problemOf, type Action, type Problem } from '../../services/messages';
import type { Size } from '../../shared/imaging/types';
import { Follower, type Look } from './follower';
import { LookLoop } from './look-loop';
import { Meter } from './meter';
import { PictureRequests, type HeldPicture } from './picture-requests';
import { resultOf } from './result';
import { shownNodes } from './shown-nodes';
import { openPicture, type LabSource } from './source';
import type { LabServices } from './types';
import { firstView, type LabView } from './view';

export type LabState =
  /** No picture was chosen. */
  | { readonly kind: 'idle' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'running' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** What was found in one picture, by one model or by both. */
export interface Looks {
  readonly own: Look | null;
  readonly beside: Look | null;
}

/** Numbers on the screen change at most this often. */
const READING_MS = 250;

export class Lab {
  view = $state.raw<LabView>(firstView);
  state = $state.raw<LabState>({ kind: 'idle' });
  info = $state.raw<EngineInfo | null>(null);
  besideInfo = $state.raw<EngineInfo | null>(null);
  /** Of the model in `info`. */
  network = $state.raw<Network | null>(null);
  source = $state.raw<LabSource | null>(null);
  size = $state.raw<Size | null>(null);
  /** A copy of `latest`, renewed a few times a second, for numbers on the screen. */
  reading = $state.raw<Looks>({ own: null, beside: null });
  framesPerSecond = $state(0);
  hasFace = $state(false);
  /** The newest looks; pictures read them when they draw. */
  latest: Looks = { own: null, beside: null };
  /** The newest frame beside its looks, while models are compared; drawn on the page. */
  readonly frame = document.createElement('canvas');

  readonly #meter = new Meter();
  readonly #requests = new PictureRequests();
  readonly #loop = new LookLoop<LabSource>({
    source: () => this.source,
    look: (source) => this.#look(source),
    onLost: () => this.services.host.discard(),
    onFailed: (thrown) => this.#fail(problemOf(thrown)),
  });
  #own: Follower;
  #beside: Follower | null = null;
  #work = new AbortController();
  #unsubscribe: (() => void) | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(
    readonly services: LabServices,
    private readonly go: (view: LabView) => void,
  ) {
    this.#own = new Follower(services.host, services.settings.current.model, 'main');
  }

  get models(): readonly RegistryEntry[] {
    return this.services.models.list;
  }

  /** Id of the model that is looked into; null: the first of a registry that was not read yet. */
  get modelId(): string | null {
    return this.view.model ?? this.services.settings.current.model ?? this.models[0]?.id ?? null;
  }

  /** Id of the model beside it; null where none was chosen, or it is the same one, or not here. */
  get besideId(): string | null {
    const { beside } = this.view;
    const isHere = beside !== this.modelId && this.models.some(({ id }) => id === beside);
    return isHere ? beside : null;
  }

  /** Latest faces as the overlay draws them. */
  get result(): Result | null {
    return resultOf(this.latest.own);
  }

  /** Changes the view, and with it the address. */
  show(patch: Partial<LabView>): void {
    this.go({ ...this.view, ...patch });
  }

  /** Follows the address. @param mayAsk whether a camera may be opened, which asks the person for it */
  follow(view: LabView, mayAsk: boolean): void {
    const before = this.view;
    this.view = view;
    if (JSON.stringify(view.from) !== JSON.stringify(before.from) || (view.from && !this.source)) {
      if (view.from && (view.from.kind !== 'camera' || mayAsk)) return void this.open();
      // A picture that the address does not name any more is not shown on.
      this.stop();
    }
    this.refresh();
  }

  /** Opens the picture of the view. */
  async open(): Promise<void> {
    const { from } = this.view;
    this.stop();
    if (!from) return;
    const { signal } = this.#work;
    this.state = { kind: 'loading' };
    const fail = (problem: Problem) => {
      if (!signal.aborted) this.#fail(problem);
    };
    try {
      if (from.kind === 'camera') this.services.releaseCamera();
      const loading = this.services.models.load();
      // Told below; a picture that cannot be opened comes first.
      loading.catch(() => undefined);
      const onEnded = (why: unknown) => fail(problemOf(why));
      const source = await openPicture(from, this.services, onEnded, signal).catch((thrown: unknown) => {
        fail('id' in from ? pictureProblemOf(thrown) : problemOf(thrown));
        return null;
      });
      if (!source) return;
      if (signal.aborted) return source.stop();
      this.source = source;
      await loading;
      if (signal.aborted) return;
      this.#timer = setInterval(() => this.#read(), READING_MS);
      this.#unsubscribe = source.onFrame(() => void this.#loop.next());
      this.refresh();
    } catch (thrown) {
      fail(problemOf(thrown));
    }
  }

  /** Lets the picture go. */
  stop(): void {
    this.#work.abort(new DOMException('The Lab went on to something else.', 'AbortError'));
    this.#work = new AbortController();
    this.#unsubscribe?.();
    this.#unsubscribe = null;
    clearInterval(this.#timer);
    this.source?.stop();
    this.source = null;
    this.size = null;
    this.latest = { own: null, beside: null };
    this.reading = this.latest;
    this.hasFace = false;
    this.#meter.clear();
    this.#own.forget();
    this.#beside?.forget();
    this.#requests.clear();
    this.state = { kind: 'idle' };
  }

  /** The page is left. */
  dispose(): void {
    this.stop();
    this.services.host.release('beside');
  }

  /** Another view of the same picture. */
  refresh(): void {
    const { host } = this.services;
    if (this.#own.model !== this.modelId) {
      this.#own = new Follower(host, this.modelId, 'main');
      this.network = null;
      this.latest = { own: null, beside: this.latest.beside };
      this.#meter.clear();
      if (this.state.kind === 'running') this.state = { kind: 'loading' };
    }
    const wanted = this.view.show === 'compare' ? this.besideId : null;
    if ((this.#beside?.model ?? null) !== wanted) {
      this.#beside = wanted === null ? null : new Follower(host, wanted, 'beside');
      this.besideInfo = null;
      this.latest = { own: this.latest.own, beside: null };
      if (wanted === null) host.release('beside');
    }
    this.#loop.ask();
  }

  /** The next picture with a face, kept; the caller closes its bitmap. @throws the signal's reason */
  hold(signal: AbortSignal): Promise<HeldPicture> {
    const held = this.#requests.add(signal);
    this.#loop.ask();
    return held;
  }

  /** What a person chose to do about a problem. */
  async take(action: Action): Promise<void> {
    if (action === 'reload') return location.reload();
    if (action === 'sample') return this.show({ from: { kind: 'sample' } });
    if (action === 'first-model' || action === 'previous-model')
      this.show({ model: this.models[0]?.id ?? null, beside: null });
    this.services.host.discard();
    await this.open();
  }

  async #look(source: LabSource): Promise<void> {
    const { signal } = this.#work;
    const [own, beside] = [this.#own, this.#beside];
    const { isStill } = source;
    let picture: ImageBitmap | null = null;
    // The turn has its own picture only where the page needs none of it.
    const isShared = beside !== null || this.#requests.isWaiting;
    const grab = async () => (picture ??= await createImageBitmap(source.element));
    const options = { signal, isStill, priority: 'live', transfer: !isShared } as const;
    const look = async () => {
      if (!this.network) await this.#readNetwork(own.model, signal);
      const nodes = shownNodes(this.view, this.info?.manifest.output, this.network);
      const first = await own.look(grab, { ...options, nodes });
      return [first, beside && (await beside.look(grab, { ...options, nodes: [] }))] as const;
    };
    const looks = await look().catch((thrown: unknown) => {
      if (isShared) picture?.close();
      if (!signal.aborted) throw thrown;
      return null;
    });
    if (!looks) return;
    const [first, second] = looks;
    const isOurs = own === this.#own && beside === this.#beside && !signal.aborted;
    if (isShared && picture) this.#share(picture, isOurs ? first : null);
    if (!isOurs) return this.#loop.ask();
    this.latest = { own: first, beside: second };
    this.#meter.add(performance.now());
    if (first) this.size = { width: first.width, height: first.height };
    if (this.state.kind === 'loading' || isStill) this.#read();
    if (this.state.kind === 'loading') this.state = { kind: 'running' };
  }

  /** Draws the frame for the page to show, and hands it to whoever waits for one with a face. */
  #share(picture: ImageBitmap, look: Look | null): void {
    const { width, height } = picture;
    if (this.frame.width !== width) this.frame.width = width;
    if (this.frame.height !== height) this.frame.height = height;
    this.frame.getContext('2d')?.drawImage(picture, 0, 0);
    if (!look || !this.#requests.give({ bitmap: picture, look })) picture.close();
  }

  /** Asks for the stages once the engine has this model. */
  async #readNetwork(model: string | null, signal: AbortSignal): Promise<void> {
    const { host } = this.services;
    const [network, info] = await host.run({ model, priority: 'live', signal }, async (engine, inner) => [
      await engine.network({ signal: inner }),
      engine.info,
    ]);
    if (model !== this.#own.model) return;
    [this.network, this.info] = [network, info];
  }

  /** Measures the stages again. */
  async measure(): Promise<void> {
    const { signal } = this.#work;
    await this.#readNetwork(this.#own.model, signal).catch((thrown: unknown) => {
      if (!signal.aborted) this.#fail(problemOf(thrown));
    });
  }

  #read(): void {
    this.reading = this.latest;
    this.hasFace = this.latest.own !== null;
    this.framesPerSecond = this.#meter.perSecond(performance.now());
    this.info = this.latest.own?.info ?? this.info;
    this.besideInfo = this.latest.beside?.info ?? this.besideInfo;
  }

  #fail(problem: Problem): void {
    this.stop();
    this.state = { kind: 'failed', problem };
  }
}
