/** What a model costs and is good for, in words. */

import type { Manifest, Metric, RegistryEntry } from '../engine/types';
import { megabytes } from './progress-words';

export const familyWords: Readonly<Record<Manifest['family'], string>> = {
  regression: 'regression',
  heatmap: 'heatmaps',
};

export const cropWords: Readonly<Record<Metric['crop'], string>> = {
  truth: 'true box',
  detector: 'detector',
};

const counting = new Intl.NumberFormat('en', {
  notation: 'compact',
  compactDisplay: 'long',
  maximumSignificantDigits: 3,
});

/** `2.54 million` */
export function countWords(count: number): string {
  return counting.format(count);
}

/** What is fetched when the model is first chosen: `5.1 MB`, `48 kB`. */
export function sizeWords({ files }: Pick<RegistryEntry, 'files'>): string {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return total < 1e5 ? `${Math.ceil(total / 1e3)} kB` : megabytes(total);
}

/** `4.24 %`, and a dash where there is nothing to tell. */
export function percentWords(percent: number | null | undefined, digits = 2): string {
  return percent === null || percent === undefined ? '–' : `${percent.toFixed(digits)} %`;
}

/**
 * Multiply-adds a face that the processor manages about 25 times a second: 102 million took 18.5 ms of WebAssembly on one
 * core (see `engine/backend-wasm.ts`).
 */
const LIVE_ON_PROCESSOR = 200e6;
/** Above this a frame is more than a phone's graphics card should be asked for. */
const LIVE_ON_GPU = 3e9;

export function whereItRunsWell(multiplyAdds: number): string {
  if (multiplyAdds <= LIVE_ON_PROCESSOR)
    return 'Live on phones and laptops, even without their graphics card.';
  if (multiplyAdds <= LIVE_ON_GPU)
    return 'Live on phones and laptops with their graphics card; slow on the processor alone.';
  return 'For photos, and live on computers with a strong graphics card.';
}

/** The configuration as one would write it by hand, where it is JSON. */
export function configWords(config: string): string {
  try {
    return JSON.stringify(JSON.parse(config), null, 2);
  } catch {
    return config;
  }
}

/** Names of all regions that any of the metrics tells, in their order. */
export function regionsOf(metrics: readonly Metric[]): string[] {
  return [...new Set(metrics.flatMap(({ regions }) => Object.keys(regions)))];
}
