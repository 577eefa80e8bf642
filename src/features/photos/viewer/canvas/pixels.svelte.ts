/** The pixels of the opened picture: small enough for the screen at first, all of them once a person zooms in so far. */

import type { Size } from '../../../../shared/imaging/types';
import { decodePicture, screenCopyOf } from '../../import';
import { decodedPixels } from '../../pixel-budget';

export class Pixels {
  /** What there is to draw; null while nothing is decoded. */
  source = $state.raw<CanvasImageSource | null>(null);
  readonly #file: Blob;
  readonly #name: string;
  /** Px of the full-size picture. */
  readonly #width: number;
  readonly #height: number;
  #screen: ImageBitmap | null = null;
  #url: string | null = null;
  #closed = false;

  constructor(file: Blob, { name, width, height }: { readonly name: string } & Size) {
    this.#file = file;
    this.#name = name;
    this.#width = width;
    this.#height = height;
  }

  /** @throws PictureError naming the picture, when it cannot be decoded */
  async open(): Promise<void> {
    const release = await decodedPixels.reserve(this.#width * this.#height, true);
    try {
      const size = { width: this.#width, height: this.#height };
      const whole = await decodePicture(this.#file, this.#name, size);
      try {
        this.#screen = await screenCopyOf(whole);
      } finally {
        whole.close();
      }
    } finally {
      release();
    }
    if (this.#closed) this.#screen.close();
    else this.source = this.#screen;
  }

  /**
   * Fetches the full-size pixels when those of the screen no longer do. An image element holds them: the browser keeps them
   * compressed and decodes what is drawn.
   * @param scale device px for one px of the picture
   */
  async refine(scale: number): Promise<void> {
    const width = this.#screen?.width ?? this.#width;
    if (this.#url || width >= this.#width || scale * this.#width <= width) return;
    this.#url = URL.createObjectURL(this.#file);
    const image = new Image();
    image.src = this.#url;
    // Closing takes the address away while it decodes; the pixels of the screen serve on.
    const isDecoded = await image.decode().then(
      () => true,
      () => false,
    );
    if (isDecoded && !this.#closed) this.source = image;
  }

  close(): void {
    this.#closed = true;
    this.source = null;
    this.#screen?.close();
    if (this.#url) URL.revokeObjectURL(this.#url);
  }
}
