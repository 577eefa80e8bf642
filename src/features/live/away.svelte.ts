/** Live while other pages are shown: its camera is held for a while, then let go until Live is shown again. */

/** The camera stays open for so long, so that a short visit to another page does not ask for it anew. */
export const AWAY_MS = 60_000;

export class Away {
  /** Whether the page Live is shown. */
  isShown = $state(false);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isResting = false;

  /** @param rest lets the camera go */
  constructor(private readonly rest: () => void) {}

  /** @returns whether the camera was let go meanwhile and is to be opened again */
  show(): boolean {
    clearTimeout(this.#timer);
    this.isShown = true;
    const wasResting = this.#isResting;
    this.#isResting = false;
    return wasResting;
  }

  hide(): void {
    this.isShown = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.rest, AWAY_MS);
  }

  /** The camera is let go: it opens again with the page, unless something else is asked for before. */
  setResting(isResting: boolean): void {
    this.#isResting = isResting;
  }
}
