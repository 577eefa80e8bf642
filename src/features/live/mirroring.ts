/** Whether the picture is shown as a mirror would: as suits its source, unless a person chose otherwise for it. */

import type { Settings } from '../../services/settings';
import type { FrameSource } from '../../shared/camera/source';

type Mirror = Settings['mirror'];
type Source = Pick<FrameSource, 'kind' | 'deviceId' | 'label' | 'mirrorByDefault'>;

export const isMirrored = (mirror: Mirror, source: Source | null): boolean =>
  mirror === 'auto' ? (source?.mirrorByDefault ?? false) : mirror === 'on';

/** Remembers which source the mirror was chosen for: another one is mirrored as suits it. */
export class MirrorChoice {
  /** Null: none of this visit. */
  #source: string | null = null;

  /** A person chose for this one, or it was set back for it. */
  choose(source: Source): void {
    this.#source = keyOf(source);
  }

  /** Whether what was chosen was so for another source than this one, which was just opened. */
  isOver(mirror: Mirror, source: Source): boolean {
    return mirror !== 'auto' && this.#source !== null && this.#source !== keyOf(source);
  }

  /** What was chosen in the last visit was so for a camera: the first that is opened. */
  adopt(source: Source): void {
    if (source.kind === 'camera') this.#source ??= keyOf(source);
  }
}

/** Tells sources apart: some cameras have no id. */
const keyOf = ({ kind, deviceId, label }: Source): string => (kind === 'sample' ? kind : (deviceId ?? label));
