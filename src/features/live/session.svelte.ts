/** One live session: the source, the loop, and the state that a person sees. */

import type {
  DetectorName,
  EngineInfo,
  EngineMemory,
  Progress,
  RegistryEntry,
  Result,
} from '../../engine/types';
import type { EngineHost } from '../../services/engine/engine-host';
import { fetchEyeNetwork } from '../../services/engine/eye-network';
import { problemOf, type Action, type Problem } from '../../services/messages';
import type { Models } from '../../services/models/models.svelte';
import type { Settings } from '../../services/settings';
import type { SettingsService } from '../../services/settings-service.svelte';
import type { CameraEntry } from '../../shared/camera/camera-list';
import { CameraError } from '../../shared/camera/camera-error';
import type { FrameSource } from '../../shared/camera/source';
import type { Size } from '../../shared/imaging/types';
import { Away } from './away.svelte';
import { followUpOf } from './follow-up';
import { LiveEngine } from './live-engine';
import { liveProblemOf } from './live-problem';
import { LiveSource } from './live-source.svelte';
import { startLiveLoop, type LiveLoop } from './loop';
import { isMirrored, MirrorChoice } from './mirroring';
import { Recordings } from './recording/recordings.svelte';
import { Recovery } from './recovery';
import { LiveResults } from './results.svelte';
import { saveSnapshot } from './save-snapshot';
import { withGaze } from './signals/gaze-switch';
import { MeasuredSignals } from './signals/measured-signals';
import { RestRequest } from './signals/rest-request';
import { SignalStreams } from './signals/streams.svelte';

export type LiveState =
  | { readonly kind: 'idle' }
  /** The person is being asked for the camera, or it is starting. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'running' }
  | { readonly kind: 'frozen' }
  /** The camera is open, but its picture was taken away for a while. */
  | { readonly kind: 'muted' }
  | { readonly kind: 'failed'; readonly problem: Problem };

export interface LiveServices {
  readonly host: EngineHost;
  readonly settings: SettingsService;
  readonly models: Models;
}

export class LiveSession {
  state = $state.raw<LiveState>({ kind: 'idle' });
  info = $state.raw<EngineInfo | null>(null);
  /** A short word about what just happened, for the screen and for screen readers. */
  message = $state('');

  readonly results = new LiveResults();
  readonly recordings = new Recordings();
  readonly streams = new SignalStreams(window);
  readonly models: Models;

  readonly #engine: LiveEngine;
  readonly #measured = new MeasuredSignals(
    () => ({
      settings: this.settings,
      isShown: this.#away.isShown,
      isRecording: this.recordings.isRecording,
      isSending: this.streams.isOn,
    }),
    fetchEyeNetwork,
    { onHere: () => void this.#trackFrozen(), onFailed: (thrown) => this.#goWithoutGaze(thrown) },
  );
  readonly #rest = new RestRequest((words) => (this.message = words));
  readonly #source = new LiveSource({
    onEnded: (why) => this.#fail(why),
    onMuted: () => {
      if (this.state.kind === 'running' || this.state.kind === 'muted') this.#goLive();
    },
  });
  readonly #away = new Away(() => this.rest());
  readonly #mirrorChoice = new MirrorChoice();
  readonly #recovery = new Recovery();
  readonly #settings: SettingsService;
  #loop: LiveLoop | null = null;
  /** Aborted by everything that makes the work under way pointless. */
  #work = new AbortController();

  constructor({ host, settings, models }: LiveServices) {
    this.#settings = settings;
    this.models = models;
    const tuning = () => {
      const { maxFaces, smoothing } = this.settings;
      return { maxFaces, smoothing, ...this.#measured.tuning() };
    };
    this.#engine = new LiveEngine(host, tuning, (thrown) => this.#goWithoutGaze(thrown));
    settings.onChange((changed) => void this.#follow(changed));
  }

  get settings(): Settings {
    return this.#settings.current;
  }

  get source(): FrameSource | null {
    return this.#source.current;
  }

  /** Of the source's picture; changes when a phone is turned. */
  get size(): Size | null {
    return this.#source.size;
  }

  get cameras(): readonly CameraEntry[] {
    return this.#source.cameras;
  }

  /** Cameras to go on with where one failed. */
  get otherCameras(): readonly CameraEntry[] {
    return this.state.kind === 'failed' ? this.#source.othersThan(this.state.problem, this.settings) : [];
  }

  /** Whether a camera is open while another page is shown. */
  get isHeld(): boolean {
    return !this.#away.isShown && this.source?.kind === 'camera';
  }

  get mirrored(): boolean {
    return isMirrored(this.settings.mirror, this.source);
  }

  get isLive(): boolean {
    return this.state.kind === 'running' || this.state.kind === 'frozen';
  }

  /** Whether the engine chose its backend itself. */
  get isBackendFree(): boolean {
    return this.#settings.place.backend === 'auto';
  }

  /** How far the engine is on its way. */
  get progress(): Progress | null {
    return this.#engine.progress;
  }

  /** Id of the model in use, or of the one that will be; undefined = the first of a registry that was not read yet. */
  get modelId(): string | undefined {
    return this.settings.model ?? this.models.list[0]?.id;
  }

  /** The network that finds faces. */
  get detector(): DetectorName {
    return this.#settings.detector;
  }

  /** Frames are without the gaze that is wanted, until its network is here. */
  get isFetchingGaze(): boolean {
    return this.#measured.isFetchingGaze;
  }

  /** Title of the model that replaces another, while it is loaded. */
  get changingTo(): string | null {
    if (this.state.kind !== 'loading' || !this.#previousId) return null;
    return this.models.list.find(({ id }: RegistryEntry) => id === this.modelId)?.title ?? null;
  }

  /** Id of the model that ran last, where another was chosen since. */
  get #previousId(): string | null {
    const id = this.info?.manifest.id ?? null;
    return this.modelId === undefined || id === this.modelId ? null : id;
  }

  /** Opens the source and makes the engine at the same time; runs when both are there. */
  async start(kind: FrameSource['kind']): Promise<void> {
    const signal = this.#begin(kind === 'camera' ? { kind: 'asking' } : { kind: 'loading' });
    this.#source.close();
    try {
      // A failure is told when the source is there; another try is made then.
      this.#engine.prepare(this.settings.model, signal).catch(() => undefined);
      const source = await this.#source.open(kind, this.settings, signal);
      if (!source) return;
      this.#mirrorAnew(source);
      await this.#run(source, signal);
    } catch (thrown) {
      if (!signal.aborted) this.#fail(thrown);
    }
  }

  /** Starts one camera of the list, as a way on from a busy one. */
  async useCamera(cameraId: string): Promise<void> {
    this.update({ cameraId });
    await this.start('camera');
  }

  /** Gives up what is being waited for: back to the previous model, where another was being changed to. */
  cancel(): void {
    if (this.#previousId && this.source) this.update({ model: this.#previousId });
    else this.stop();
  }

  /** Lets the camera go. The engine stays, so that the next start is quick. */
  stop(): void {
    this.#begin({ kind: 'idle' });
    this.#source.close();
  }

  async take(action: Action): Promise<void> {
    if (action === 'reload') return location.reload();
    if (action === 'first-model') this.update({ model: null });
    if (action === 'previous-model') this.update({ model: this.#previousId });
    if (action === 'any-backend') this.#settings.choosePlaceAutomatically();
    await this.start(action === 'sample' ? 'sample' : this.#source.lastKind);
  }

  /** Changes settings; what follows from them follows by itself. */
  update(patch: Partial<Settings>): void {
    this.#settings.update(patch);
  }

  async toggleFreeze(): Promise<void> {
    if (!this.source || !this.#loop) return;
    if (this.state.kind === 'running') {
      this.state = { kind: 'frozen' };
      this.source.pause();
      this.#loop.setFollowing(false);
      // The picture is a frame or two ahead of the newest points: track it too.
      await this.#trackStill();
    } else if (this.state.kind === 'frozen') {
      const { source } = this;
      await source.resume().catch(() => undefined);
      // Something else may have been asked for meanwhile.
      if (this.state.kind === 'frozen' && this.source === source) this.#goLive();
    }
  }

  /** What the engine holds, null while nothing runs; for tests and measurements. */
  async memory(): Promise<EngineMemory | null> {
    if (!this.#loop) return null;
    return this.#engine.memory(this.settings.model);
  }

  async snapshot(): Promise<void> {
    const [loop, info, settings, mirrored] = [this.#loop, this.info, this.settings, this.mirrored];
    if (!loop || !info) return;
    const { signal } = this.#work;
    try {
      const name = await saveSnapshot(loop, info.manifest.scheme, settings, mirrored);
      if (name) this.message = `Saved ${name}`;
    } catch (thrown) {
      if (!signal.aborted) this.message = `No snapshot: ${problemOf(thrown).detail}`;
    }
  }

  /** The face in view is at rest now: its movements are measured by that. */
  async calibrate(): Promise<void> {
    if (!this.#loop) return;
    const { signal } = this.#work;
    try {
      if (!this.#rest.begin(this.results.signals.shownId)) return;
      await this.#engine.calibrate(this.settings.model, signal);
      if (this.state.kind !== 'frozen') return;
      await this.#trackStill();
      if (!signal.aborted) this.#rest.end();
    } catch (thrown) {
      if (!signal.aborted) this.#recover(thrown);
    }
  }

  /** Starts or ends a recording; it lasts for as long as the same model reads the same source on this page. */
  async toggleRecording(): Promise<void> {
    if (this.recordings.isRecording) return this.recordings.stop();
    if (this.state.kind === 'running' && this.source && this.info)
      this.recordings.start({ ...this.source.size(), mirrored: this.mirrored, manifest: this.info.manifest });
  }

  /** The page is shown: goes on where it was left. */
  show(): void {
    const wasResting = this.#away.show();
    this.#followShown();
    if (wasResting) void this.start(this.#source.lastKind);
  }

  /**
   * Another page is shown: nothing is computed, a recording ends and is kept, and the camera is let go after a while (or at
   * once, see `rest`).
   */
  hide(): void {
    this.#away.hide();
    this.#followShown();
    if (this.recordings.isRecording) void this.recordings.stop('It ended when you left Live, and is kept.');
  }

  /** Lets the camera go until the page is shown again. */
  rest(): void {
    if (this.state.kind === 'idle' || this.state.kind === 'failed') return;
    this.stop();
    this.#away.setResting(true);
  }

  /** The element of the source is in the document again: a video that left it was paused. */
  showSource(): void {
    if (this.#away.isShown && this.state.kind === 'running')
      void this.source?.resume().catch(() => undefined);
  }

  #mirrorAnew(source: FrameSource): void {
    if (this.#mirrorChoice.isOver(this.settings.mirror, source)) this.update({ mirror: 'auto' });
    this.#mirrorChoice.adopt(source);
  }

  /** Frames are read while the page is shown. */
  #followShown(): void {
    this.#loop?.setFollowing(this.#away.isShown && this.state.kind === 'running');
    this.showSource();
  }

  /** Does what follows from settings that changed, whoever changed them. */
  async #follow(changed: Partial<Settings>): Promise<void> {
    const { source } = this;
    if (changed.mirror !== undefined && source) this.#mirrorChoice.choose(source);
    const followUp = followUpOf(changed, source?.kind ?? null);
    if (followUp === 'reopen') return this.start('camera');
    if (followUp === 'reload' && source) return this.#reload(source);
    if (followUp === 'track') await this.#trackFrozen();
  }

  #begin(state: LiveState): AbortSignal {
    this.#work.abort(new DOMException('Something else was asked for.', 'AbortError'));
    this.#work = new AbortController();
    void this.recordings.stop('The recording ended because the live view stopped or changed. It is kept.');
    this.#loop?.stop();
    this.#loop = null;
    this.results.end();
    this.#rest.clear();
    this.message = '';
    this.state = state;
    this.#away.setResting(false);
    return this.#work.signal;
  }

  #fail(thrown: unknown): void {
    const problem = liveProblemOf(thrown, {
      hasPrevious: this.#previousId !== null,
      isFirst: this.settings.model === null,
      isPlaceFree: this.#settings.isPlaceFree,
    });
    this.#begin({ kind: 'failed', problem });
    this.#source.close();
    if (thrown instanceof CameraError) void this.#source.refreshCameras();
    // Trying again is to change something, so an engine in doubt is made anew.
    if (!(thrown instanceof CameraError)) this.#engine.discard();
  }

  /** The engine failed the running view. */
  #recover(thrown: unknown): void {
    const { source } = this;
    const step = source ? this.#recovery.stepAfter(thrown, performance.now()) : 'fail';
    if (!source || step === 'fail') return this.#fail(thrown);
    if (step === 'renew') this.#engine.discard();
    void this.#reload(source);
  }

  async #run(source: FrameSource, signal: AbortSignal): Promise<void> {
    this.state = { kind: 'loading' };
    const { model } = this.settings;
    this.info = await this.#engine.prepare(model, signal);
    this.#loop = startLiveLoop(source, this.#engine.track(model, signal), this.results.meter, {
      onFrame: (frame) => this.recordings.take(frame),
      onResult: (result) => this.#take(result),
      onFailed: (thrown) => this.#recover(thrown),
    });
    this.#goLive();
    this.results.begin(() => (this.info = this.#engine.info));
    // The list is a convenience: the engine itself reports what is wrong with the registry.
    this.models.load().catch(() => undefined);
  }

  /** Its network cannot be had. */
  #goWithoutGaze(thrown: unknown): void {
    if (!this.settings.gaze) return;
    this.update(withGaze(false, this.settings.strips));
    this.message = `No gaze: ${problemOf(thrown).detail}`;
  }

  #take(result: Result): void {
    // It was in flight as the picture was taken away.
    if (this.state.kind === 'muted') return;
    this.results.add(result);
    // What began to want signals meanwhile, such as a recording, waits for a frame or two until they are there.
    if (!this.#measured.isWanted || this.#engine.givesSignals) this.recordings.add(result, this.settings);
    this.#rest.add(result);
    this.streams.send(result, this.mirrored);
  }

  /** Follows what the source shows; while it shows nothing, no face is claimed. */
  #goLive(): void {
    const muted = this.source?.isMuted() ?? false;
    this.state = { kind: muted ? 'muted' : 'running' };
    this.recordings.setMuted(muted);
    if (muted) {
      this.results.forgetFaces();
      this.#rest.clear();
    }
    this.#followShown();
  }

  /** The same source with an engine that is made anew. */
  async #reload(source: FrameSource): Promise<void> {
    const signal = this.#begin({ kind: 'loading' });
    try {
      // One that may not play just now is played as soon as it may.
      await source.resume().catch(() => undefined);
      await this.#run(source, signal);
    } catch (thrown) {
      if (!signal.aborted) this.#fail(thrown);
    }
  }

  /** A frozen picture shows at once what moving ones show with the next frame. */
  async #trackFrozen(): Promise<void> {
    if (this.state.kind === 'frozen') await this.#trackStill();
  }

  /** A still that cannot be tracked keeps the points it has. */
  async #trackStill(): Promise<void> {
    await this.#loop?.trackNow().catch(() => null);
  }
}
