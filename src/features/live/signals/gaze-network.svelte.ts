/** The network that gaze needs: fetched while frames go on without gaze. */

/** What comes sooner is not worth a word. */
const TOLD_AFTER_MS = 300;

export interface GazeNetworkEvents {
  readonly onHere: () => void;
  readonly onFailed: (thrown: unknown) => void;
}

export class GazeNetwork {
  /** It takes a while. */
  isSlow = $state(false);
  #isHere = false;
  #isFetching = false;

  constructor(
    private readonly fetchFiles: () => Promise<void>,
    private readonly events: GazeNetworkEvents,
  ) {}

  /** Whether it is here; where it is not, it is fetched. */
  want(): boolean {
    if (!this.#isHere && !this.#isFetching) void this.#fetch();
    return this.#isHere;
  }

  async #fetch(): Promise<void> {
    this.#isFetching = true;
    const timer = setTimeout(() => (this.isSlow = true), TOLD_AFTER_MS);
    try {
      await this.fetchFiles();
      this.#isHere = true;
      this.events.onHere();
    } catch (thrown) {
      this.events.onFailed(thrown);
    } finally {
      clearTimeout(timer);
      this.#isFetching = this.isSlow = false;
    }
  }
}
