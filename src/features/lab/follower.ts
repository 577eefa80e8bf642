/** Follows one face with one model, one look at a time: each crop comes from the points found in the last. */

import type { Engine } from '../../engine';
import { cropOfBox, cropOfPoints } from '../../engine/geometry';
import type { Inspection } from '../../engine/inspect/types';
import { leadingEyes } from '../../engine/model/manifest';
import type { Affine, EngineInfo, Manifest } from '../../engine/types';
import type { EngineHost } from '../../services/engine/engine-host';
import type { EngineSlot } from '../../services/engine/loaded-engines.svelte';
import type { EnginePriority } from '../../services/engine/turn-limit';

type Crop = Affine<'image', 'crop'>;

export interface Look {
  readonly inspection: Inspection;
  readonly info: EngineInfo;
  /** Of the picture. */
  readonly width: number;
  readonly height: number;
}

export interface LookOptions {
  /** Nodes whose maps are wanted. */
  readonly nodes: readonly string[];
  readonly priority: EnginePriority;
  readonly signal: AbortSignal;
  /** Whether to search the picture thoroughly for a face, as in a still. */
  readonly isStill: boolean;
  /** Whether the picture is the engine's to close. */
  readonly transfer: boolean;
}

/** Points that cannot lead to the next crop cannot follow their face: it is looked for again after so long. */
const CROP_MS = 150;
/** A face that was seen longer ago may be anywhere: while a model is loaded, or its network takes seconds. */
const FOLLOWED_MS = 1000;

/** The crop of the next frame; null where the face has to be looked for. */
function nextCrop({ points, presence }: Inspection, manifest: Manifest): Crop | null {
  const eyes = leadingEyes(manifest);
  if (!eyes || (presence !== null && presence < manifest.presenceThreshold)) return null;
  return cropOfPoints(points, eyes, manifest);
}

export class Follower {
  #crop: Crop | null = null;
  #foundMs = -Infinity;
  #seenMs = -Infinity;

  constructor(
    private readonly host: EngineHost,
    readonly model: string | null,
    readonly slot: EngineSlot,
  ) {}

  /** Looks for the face anew in the next picture. */
  forget(): void {
    this.#crop = null;
  }

  /** @returns null where there is no face @throws what the engine and its host throw */
  look(grab: () => Promise<ImageBitmap>, options: LookOptions): Promise<Look | null> {
    const { model, slot } = this;
    const { priority, signal, nodes, isStill, transfer } = options;
    return this.host.run({ model, slot, priority, signal }, async (engine, inner) => {
      const picture = await grab();
      const { width, height } = picture;
      let isHandedOver = false;
      try {
        const crop = this.#lastCrop(isStill) ?? (await this.#find(engine, picture, isStill, inner));
        if (!crop) return null;
        isHandedOver = transfer;
        const inspection = await engine.inspect(picture, crop, nodes, { transfer, signal: inner });
        this.#follow(inspection, crop, engine.info.manifest, isStill);
        return { inspection, info: engine.info, width, height };
      } finally {
        if (transfer && !isHandedOver) picture.close();
      }
    });
  }

  #lastCrop(isStill: boolean): Crop | null {
    return isStill || performance.now() - this.#seenMs < FOLLOWED_MS ? this.#crop : null;
  }

  async #find(
    engine: Engine,
    picture: ImageBitmap,
    isStill: boolean,
    signal: AbortSignal,
  ): Promise<Crop | null> {
    this.#foundMs = performance.now();
    const { faces } = await engine.detect(picture, { maxFaces: 1, thorough: isStill, signal });
    const { manifest } = engine.info;
    const eyes = leadingEyes(manifest);
    if (!faces.length) return null;
    const [{ points, box }] = faces;
    return eyes ? cropOfPoints(points, eyes, manifest) : cropOfBox(box, manifest);
  }

  #follow(inspection: Inspection, crop: Crop, manifest: Manifest, isStill: boolean): void {
    this.#seenMs = performance.now();
    if (isStill) this.#crop = crop;
    else if (leadingEyes(manifest)) this.#crop = nextCrop(inspection, manifest);
    else this.#crop = performance.now() - this.#foundMs < CROP_MS ? crop : null;
  }
}
