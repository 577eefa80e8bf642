/** Size, speed and purpose of a model as text. */

import type { DetectorName, Manifest, Metric, RegistryEntry } from '../../engine/types';
import { formatSize } from './progress';

export const familyLabels: Readonly<Record<Manifest['family'], string>> = {
  regression: 'regression',
  heatmap: 'heatmaps',
};

export const cropLabels: Readonly<Record<Metric['crop'], string>> = {
  truth: 'ground truth box',
  detector: 'detector',
};

export const detectorLabels: Readonly<Record<DetectorName, string>> = {
  blazeface: 'BlazeFace, as published',
  'blazeface-covered': 'BlazeFace, for covered faces too',
};

const counting = new Intl.NumberFormat('en', {
  notation: 'compact',
  compactDisplay: 'long',
  maximumSignificantDigits: 3,
});

/** `2.54 million` */
export function formatCount(count: number): string {
  return counting.format(count);
}

/** Download size: `5.1 MB`, `48 kB`. */
export function formatModelSize({ files }: Pick<RegistryEntry, 'files'>): string {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return formatSize(total);
}

/** `4.24 %`, and a dash where it is unknown. */
export function formatPercent(percent: number | null | undefined, digits = 2): string {
  return percent === null || percent === undefined ? '–' : `${percent.toFixed(digits)} %`;
}

/**
 * Multiply-adds per face that a CPU manages about 25 times a second: 102 million took 18.5 ms of WebAssembly on one core
 * (see `engine/backend/wasm.ts`).
 */
const LIVE_ON_CPU = 200e6;
/** Multiply-adds per face that a phone's GPU manages live. */
const LIVE_ON_GPU = 3e9;

export function whereItRunsWell(multiplyAdds: number): string {
  if (multiplyAdds <= LIVE_ON_CPU) return 'Live on phones and laptops, even without their graphics card.';
  if (multiplyAdds <= LIVE_ON_GPU)
    return 'Live on phones and laptops with their graphics card; slow on the processor alone.';
  return 'For photos, and live on computers with a strong graphics card.';
}

/** JSON is indented; anything else stays as it is. */
export function formatConfig(config: string): string {
  try {
    return JSON.stringify(JSON.parse(config), null, 2);
  } catch {
    return config;
  }
}

/** `30-60` to `30–60°`. */
export function formatYawBin(yawDeg: string): string {
  return `${yawDeg.replace('-', '–')}°`;
}

/** Names of all regions in any of the metrics, in order of first appearance. */
export function regionsOf(metrics: readonly Metric[]): string[] {
  return [...new Set(metrics.flatMap(({ regions }) => Object.keys(regions)))];
}
