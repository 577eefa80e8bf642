/** One live session: source, engine and loop, and the state a person sees. Numbers of single frames are not reactive. */

import { listCameras, type CameraEntry } from '../camera/camera';
import { CameraError } from '../camera/camera-error';
import type { FrameSource } from '../camera/source';
import { EngineError } from '../engine/errors';
import type { Engine, EngineInfo, EngineMemory, Progress, RegistryEntry, Result } from '../engine/types';
import { Recordings } from '../recording/recordings.svelte';
import { loadSettings, saveSettings, type Settings } from '../storage/settings';
import type { EngineKeeper, EngineWish } from './engine-keeper';
import { createFrameMeter, type MeterReading } from './frame-meter';
import { startLiveLoop, type LiveLoop } from './live-loop';
import type { ModelCatalogue } from './model-catalogue.svelte';
import type { PageOptions } from './page-options';
import { openSource } from './open-source';
import { problemOf, withoutWays, type Problem, type Way } from './problems';
import { saveSnapshot } from './save-snapshot';

export type LiveState =
  | { readonly kind: 'idle' }
  /** The person is being asked for the camera, or it is starting. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'loading'; readonly progress: Progress | null }
  | { readonly kind: 'running' }
  | { readonly kind: 'frozen' }
  /** The camera is open, but its picture was taken away for a while. */
  | { readonly kind: 'muted' }
  | { readonly kind: 'failed'; readonly problem: Problem };

/** Numbers on the screen change at most this often. */
const readingMs = 250;
/** An engine that is lost again sooner is in trouble that a person should know of. */
const recoverAgainMs = 30_000;

export class LiveSession {
  state = $state.raw<LiveState>({ kind: 'idle' });
  settings = $state.raw(loadSettings());
  source = $state.raw<FrameSource | null>(null);
  info = $state.raw<EngineInfo | null>(null);
  cameras = $state.raw<readonly CameraEntry[]>([]);
  reading = $state.raw<MeterReading | null>(null);
  faceCount = $state(0);
  resultCount = $state(0);
  /** A short word about what just happened, for the screen and for screen readers. */
  message = $state('');

  readonly meter = createFrameMeter();
  readonly recordings = new Recordings();
  /** The newest result; read by the overlay when it draws. */
  latest: Result | null = null;
  /** Called with every result; for tests and measurements. */
  onResult: ((result: Result) => void) | null = null;

  readonly #keeper: EngineKeeper;
  #options: PageOptions;
  #progress: Progress | null = null;
  #engine: Engine | null = null;
  #loop: LiveLoop | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #lastKind: FrameSource['kind'] = 'camera';
  #shown = true;
  #left = false;
  #count = 0;
  /** When an engine was last made anew, on the clock of `performance.now`. */
  #recoveredMs = -Infinity;
  /** Raised by everything that makes work in progress pointless. */
  #turn = 0;

  constructor(
    keeper: EngineKeeper,
    readonly catalogue: ModelCatalogue,
    options: PageOptions,
  ) {
    this.#options = options;
    this.#keeper = keeper;
    navigator.mediaDevices?.addEventListener('devicechange', () => void this.#refreshCameras());
  }

  get models(): readonly RegistryEntry[] {
    return this.catalogue.models;
  }

  get mirrored(): boolean {
    const { mirror } = this.settings;
    return mirror === 'auto' ? (this.source?.mirrorByDefault ?? false) : mirror === 'on';
  }

  get isLive(): boolean {
    return this.state.kind === 'running' || this.state.kind === 'frozen';
  }

  /** Whether the engine chose its backend itself. */
  get isBackendFree(): boolean {
    return this.#options.backend === 'auto';
  }

  /** Id of the model in use, or of the one that will be; undefined = the first of a registry that was not read yet. */
  get modelId(): string | undefined {
    return this.#options.model ?? this.settings.model ?? this.models[0]?.id;
  }

  /** Title of the model that another gives way to, while that is loaded. */
  get changingTo(): string | null {
    if (this.state.kind !== 'loading' || !this.#formerId) return null;
    return this.models.find(({ id }) => id === this.modelId)?.title ?? null;
  }

  /** Id of the model that ran last, where another was chosen since. */
  get #formerId(): string | null {
    const id = this.info?.manifest.id ?? null;
    return this.modelId === undefined || id === this.modelId ? null : id;
  }

  /** The engine that the live page runs on; others who wish the same share it. */
  get wish(): EngineWish {
    const { backend, thread } = this.#options;
    // The first in the registry is left to the engine: the registry may be unread, and the wish must not change once it is.
    const model = this.#options.model ?? this.settings.model ?? undefined;
    return { model, backend, thread };
  }

  /** Opens the source and makes the engine at the same time; runs when both are there. */
  async start(kind: FrameSource['kind']): Promise<void> {
    const turn = this.#begin(kind === 'camera' ? { kind: 'asking' } : { kind: 'loading', progress: null });
    this.#closeSource();
    this.#lastKind = kind;
    try {
      // A failure is told when the source is there; another try is made then.
      this.#loadEngine().catch(() => undefined);
      const source = await this.#open(kind);
      if (turn !== this.#turn) return source.stop();
      this.source = source;
      if (kind === 'camera') void this.#refreshCameras();
      await this.#run(turn, source);
    } catch (thrown) {
      if (turn === this.#turn) this.#fail(thrown);
    }
  }

  /** Gives up what is being waited for: back to the model before, where another was being changed to. */
  async cancel(): Promise<void> {
    if (this.#formerId && this.source) return this.update({ model: this.#formerId });
    this.stop();
  }

  /** Lets the camera go. The engine stays, so that the next start is quick. */
  stop(): void {
    this.#begin({ kind: 'idle' });
    this.#closeSource();
  }

  /** Lets the camera go while a page is shown that works with the engine itself. */
  leave(): void {
    const isOpen = this.state.kind !== 'idle' && this.state.kind !== 'failed';
    this.#left ||= isOpen;
    if (isOpen) this.stop();
  }

  /** Goes on where `leave` stopped. */
  async comeBack(): Promise<void> {
    if (!this.#left) return;
    this.#left = false;
    await this.start(this.#lastKind);
  }

  async take(way: Way): Promise<void> {
    if (way === 'reload') return location.reload();
    if (way === 'first-model') this.#choose(null);
    if (way === 'former-model') this.#choose(this.#formerId);
    if (way === 'any-backend') this.#options = { ...this.#options, backend: 'auto', thread: 'auto' };
    await this.start(way === 'sample' ? 'sample' : this.#lastKind);
  }

  /** Changes settings and does what follows from them. */
  async update(patch: Partial<Settings>): Promise<void> {
    this.#save(patch);
    if (patch.model !== undefined) this.#choose(patch.model);
    const reopens = 'cameraId' in patch || 'facing' in patch || 'resolution' in patch;
    const isOpen = this.isLive || this.state.kind === 'muted';
    if (reopens && isOpen && this.source?.kind === 'camera') return this.start('camera');
    if (patch.model !== undefined && this.source) return this.#reloadEngine();
    if ('maxFaces' in patch || 'smoothing' in patch) await this.#tune();
  }

  async toggleFreeze(): Promise<void> {
    if (!this.source || !this.#loop) return;
    if (this.state.kind === 'running') {
      this.state = { kind: 'frozen' };
      this.source.pause();
      this.#loop.setFollowing(false);
      // The picture stands a frame or two ahead of the newest points: have it looked at too.
      await this.#trackStill();
    } else if (this.state.kind === 'frozen') {
      await this.source.resume();
      this.#goLive();
    }
  }

  /** What the engine holds, null while there is none; for tests and measurements. */
  async memory(): Promise<EngineMemory | null> {
    return this.#engine?.memory() ?? null;
  }

  async snapshot(): Promise<void> {
    const [loop, info, settings, mirrored] = [this.#loop, this.info, this.settings, this.mirrored];
    if (!loop || !info) return;
    try {
      const name = await saveSnapshot(loop, info.manifest.scheme, settings, mirrored);
      if (name) this.message = `Saved ${name}`;
    } catch (thrown) {
      this.message = `No snapshot: ${problemOf(thrown).detail}`;
    }
  }

  /** Begins or ends a recording; it lasts for as long as the same model reads the same source. */
  toggleRecording(): Promise<void> {
    if (this.recordings.isRecording) return this.recordings.stop();
    if (this.state.kind === 'running' && this.source && this.info)
      this.recordings.start({ ...this.source.size(), mirrored: this.mirrored, manifest: this.info.manifest });
    return Promise.resolve();
  }

  /** Off while another page is shown: the camera stays open, but nothing is computed. */
  setShown(shown: boolean): void {
    this.#shown = shown;
    this.#loop?.setFollowing(shown && this.state.kind === 'running');
    if (shown && this.state.kind === 'running') void this.source?.resume().catch(() => undefined);
  }

  /** What is chosen on the page comes before what the address asked for. @param model null = the first in the registry */
  #choose(model: string | null): void {
    this.#options = { ...this.#options, model: null };
    this.#save({ model });
  }

  #save(patch: Partial<Settings>): void {
    this.settings = { ...this.settings, ...patch };
    saveSettings(this.settings);
  }

  #begin(state: LiveState): number {
    void this.recordings.stop();
    this.#loop?.stop();
    this.#loop = null;
    clearInterval(this.#timer);
    this.reading = null;
    this.#forgetFaces();
    this.message = '';
    this.state = state;
    return ++this.#turn;
  }

  #closeSource(): void {
    this.source?.stop();
    this.source = null;
  }

  #fail(thrown: unknown): void {
    const isAuto = this.#options.backend === 'auto' && this.#options.thread === 'auto';
    const isFirst = this.#options.model === null && this.settings.model === null;
    const useless: Way[] = [
      this.#formerId ? 'first-model' : 'former-model',
      ...(isFirst ? (['first-model'] as const) : []),
      ...(isAuto ? (['any-backend'] as const) : []),
    ];
    this.#begin({ kind: 'failed', problem: withoutWays(problemOf(thrown), useless) });
    this.#closeSource();
    // A way on that changes nothing would be none, so an engine in doubt is made anew.
    if (!(thrown instanceof CameraError)) this.#keeper.drop();
  }

  /** An engine that is gone is made anew, without a word; not when that has just been done. */
  #recover(thrown: unknown): void {
    const isGone = thrown instanceof EngineError && ['worker-failed', 'context-lost'].includes(thrown.code);
    const nowMs = performance.now();
    if (!isGone || nowMs - this.#recoveredMs < recoverAgainMs) return this.#fail(thrown);
    this.#recoveredMs = nowMs;
    this.#keeper.drop();
    void this.#reloadEngine();
  }

  #show(progress: Progress): void {
    this.#progress = progress;
    if (this.state.kind === 'loading') this.state = { kind: 'loading', progress };
  }

  #loadEngine(): Promise<Engine> {
    const { maxFaces, smoothing } = this.settings;
    return this.#keeper.load(this.wish, { maxFaces, smoothing }, (progress) => this.#show(progress));
  }

  async #open(kind: FrameSource['kind']): Promise<FrameSource> {
    const turn = this.#turn;
    let opened: FrameSource | null = null;
    opened = await openSource(kind, this.settings, {
      onEnded: (why) => {
        const isOurs = opened ? opened === this.source : turn === this.#turn;
        if (isOurs) this.#fail(why);
      },
      onMuted: () => {
        const isFollowed = this.state.kind === 'running' || this.state.kind === 'muted';
        if (isFollowed && opened === this.source) this.#goLive();
      },
    });
    return opened;
  }

  async #run(turn: number, source: FrameSource): Promise<void> {
    this.state = { kind: 'loading', progress: this.#progress };
    const engine = await this.#loadEngine();
    if (turn !== this.#turn) return;
    await engine.reset();
    await engine.tune({ maxFaces: this.settings.maxFaces, smoothing: this.settings.smoothing });
    if (turn !== this.#turn) return;
    this.#engine = engine;
    this.info = engine.info;
    this.#loop = startLiveLoop(source, engine, this.meter, {
      onFrame: (frame) => this.recordings.take(frame),
      onResult: (result) => {
        // It was in flight as the picture was taken away.
        if (this.state.kind === 'muted') return;
        this.latest = result;
        this.recordings.add(result, this.settings);
        this.#count += 1;
        this.onResult?.(result);
      },
      onFailed: (thrown) => this.#recover(thrown),
    });
    this.#goLive();
    this.#timer = setInterval(() => this.#read(), readingMs);
    // The list is a convenience: the engine itself reports what is wrong with the registry.
    this.catalogue.load().catch(() => undefined);
  }

  /** Follows what the source shows; while it shows nothing, no face is claimed. */
  #goLive(): void {
    const muted = this.source?.isMuted() ?? false;
    this.state = { kind: muted ? 'muted' : 'running' };
    this.recordings.setMuted(muted);
    if (muted) this.#forgetFaces();
    this.setShown(this.#shown);
  }

  #forgetFaces(): void {
    this.latest = null;
    this.faceCount = 0;
  }

  #read(): void {
    this.reading = this.meter.read(performance.now());
    this.faceCount = this.latest?.faces.length ?? 0;
    this.resultCount = this.#count;
    // The engine may have had to move to another backend.
    if (this.#engine) this.info = this.#engine.info;
  }

  async #reloadEngine(): Promise<void> {
    const source = this.source;
    if (!source) return;
    const turn = this.#begin({ kind: 'loading', progress: null });
    try {
      await source.resume();
      await this.#run(turn, source);
    } catch (thrown) {
      if (turn === this.#turn) this.#fail(thrown);
    }
  }

  async #tune(): Promise<void> {
    const { maxFaces, smoothing } = this.settings;
    await this.#engine?.tune({ maxFaces, smoothing });
    if (this.state.kind === 'frozen') await this.#trackStill();
  }

  /** A still that cannot be tracked keeps the points it has. */
  async #trackStill(): Promise<void> {
    await this.#loop?.trackNow().catch(() => null);
  }

  async #refreshCameras(): Promise<void> {
    this.cameras = await listCameras().catch(() => []);
  }
}
