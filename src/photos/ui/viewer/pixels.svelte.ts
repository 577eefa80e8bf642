/** The pixels of the opened picture: small enough for the screen at first, all of them once a person zooms in so far. */

import type { Size } from '../../../overlay/view';

/** Larger side of what is decoded first, px. */
const screenPx = 2048;

export class Pixels {
  /** What there is to draw; null while nothing is decoded. */
  source = $state.raw<CanvasImageSource | null>(null);
  readonly #file: Blob;
  readonly #size: Size;
  #screen: ImageBitmap | null = null;
  #url: string | null = null;
  #closed = false;

  /** @param size of the picture with its EXIF orientation applied, px */
  constructor(file: Blob, size: Size) {
    this.#file = file;
    this.#size = size;
  }

  /** @throws when the picture cannot be decoded */
  async open(): Promise<void> {
    const { width, height } = this.#size;
    const part = Math.min(1, screenPx / Math.max(width, height));
    const screen = await createImageBitmap(this.#file, {
      imageOrientation: 'from-image',
      resizeWidth: Math.max(1, Math.round(part * width)),
      resizeHeight: Math.max(1, Math.round(part * height)),
      resizeQuality: 'high',
    });
    if (this.#closed) return screen.close();
    this.#screen = screen;
    this.source = screen;
  }

  /**
   * Fetches the full-size pixels when those of the screen no longer do. An image element holds them: the browser keeps them
   * compressed and decodes what is drawn.
   * @param scale device px for one px of the picture
   */
  async refine(scale: number): Promise<void> {
    const screen = this.#screen;
    if (!screen || this.#url || scale * this.#size.width <= screen.width) return;
    if (screen.width >= this.#size.width) return;
    this.#url = URL.createObjectURL(this.#file);
    const image = new Image();
    image.src = this.#url;
    await image.decode();
    if (!this.#closed) this.source = image;
  }

  close(): void {
    this.#closed = true;
    this.source = null;
    this.#screen?.close();
    if (this.#url) URL.revokeObjectURL(this.#url);
  }
}
