/** What learning keeps of each crop: projected maps, and the marks. */

import type { Points } from '../types';
import { balanced, globalOf, KEPT_CHANNELS, type CropFeatures } from './features';
import { fitProjection, projectAll, type Maps, type Projection } from './maps';

/** One view of a marked picture. */
export interface Sample {
  readonly picture: number;
  /** Whether it is the picture as it is, neither mirrored nor moved: errors are measured on these. */
  readonly isPlain: boolean;
  /** As marked; NaN where nobody marked the point. */
  readonly marked: Points<'crop'>;
  readonly maps: readonly Maps[];
  /** What the first step sees. */
  readonly global: Float32Array;
}

type View = Pick<Sample, 'picture' | 'isPlain' | 'marked'>;

export interface Samples {
  /** Adds a view; those of one picture follow each other. */
  add(view: View, features: CropFeatures): void;
  /** All of them. @throws where there are none. */
  finish(): { readonly samples: readonly Sample[]; readonly projections: readonly Projection[] };
}

/** From so many pictures on the encoder's main directions are known well enough; whole maps are kept no longer. */
const PROJECTION_PICTURES = 8;

export function createSamples(basePoints: readonly number[]): Samples {
  const samples: Sample[] = [];
  let waiting: { readonly view: View; readonly features: CropFeatures }[] = [];
  let projections: readonly Projection[] | null = null;

  function keep(view: View, { base, maps }: CropFeatures): void {
    const projected = projectAll(maps, projections!);
    samples.push({ ...view, maps: projected, global: globalOf(base, projected, basePoints) });
  }

  function settle(): void {
    const plain = waiting.filter(({ view }) => view.isPlain);
    projections = KEPT_CHANNELS.map((kept, stage) => {
      const maps = plain.map(({ features }) => features.maps[stage]);
      return balanced(fitProjection(maps, kept), maps, stage);
    });
    for (const { view, features } of waiting) keep(view, features);
    waiting = [];
  }

  return {
    add(view, features) {
      if (!projections && view.picture >= PROJECTION_PICTURES) settle();
      if (projections) keep(view, features);
      else waiting.push({ view, features });
    },
    finish() {
      if (!projections) settle();
      return { samples, projections: projections! };
    },
  };
}
