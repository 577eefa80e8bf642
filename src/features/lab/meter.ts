/** How many pictures a second were looked at. */

const WINDOW_MS = 2000;

export class Meter {
  #timesMs: number[] = [];

  add(nowMs: number): void {
    this.#timesMs.push(nowMs);
    this.#drop(nowMs);
  }

  clear(): void {
    this.#timesMs = [];
  }

  /** Over the last two seconds; 0 where fewer than two pictures came. */
  perSecond(nowMs: number): number {
    this.#drop(nowMs);
    const [first] = this.#timesMs;
    const spanMs = nowMs - first;
    return this.#timesMs.length < 2 ? 0 : (1000 * (this.#timesMs.length - 1)) / spanMs;
  }

  #drop(nowMs: number): void {
    while (this.#timesMs.length && nowMs - this.#timesMs[0] > WINDOW_MS) this.#timesMs.shift();
  }
}
