/** Times, sizes and states as text. */

import { formatQuantity } from '../../shared/format/quantity';
import type { FilmRange } from '../../shared/formats/film';
import { formatSize } from '../../shared/format/progress';
import type { ReadingProgress } from './reading-queue.svelte';
import type { FilmRecord } from './types';

/** With a minus sign, but for a zero. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** `−12 to 3°`. */
export const formatRange = ({ low, high }: FilmRange): string => `${signed(low, 0)} to ${signed(high, 0)}°`;

/** `0:07.3`, `1:02:03.0`: hours where there are any. */
export function formatTime(timeMs: number): string {
  const tenths = Math.round(Math.abs(timeMs) / 100);
  const seconds = Math.floor(tenths / 10) % 60;
  const minutes = Math.floor(tenths / 600) % 60;
  const hours = Math.floor(tenths / 36_000);
  const two = (value: number) => String(value).padStart(2, '0');
  const start = (timeMs < 0 && tenths ? '−' : '') + (hours ? `${hours}:${two(minutes)}` : `${minutes}`);
  return `${start}:${two(seconds)}.${tenths % 10}`;
}

/** `about 3 min`, `12 s`. */
export function formatLeft(leftMs: number): string {
  const seconds = Math.ceil(leftMs / 1000);
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `about ${minutes} min` : `about ${Math.round(minutes / 60)} h`;
}

export const formatFrames = (count: number): string => formatQuantity(count, 'frame');

export const formatFaces = (count: number): string => formatQuantity(count, 'face');

export const formatShots = (count: number): string => formatQuantity(count, 'shot');

/** What it is: size, length, picture. */
export function describeFilm({ bytes, width, height, durationMs }: FilmRecord): string {
  const parts = [formatSize(bytes)];
  if (width) parts.push(`${width}×${height}`);
  if (durationMs !== null) parts.push(formatTime(durationMs));
  return parts.join(' · ');
}

export function describeProgress({ frames, pace, faces }: ReadingProgress): string {
  const parts = [formatFrames(frames), formatFaces(faces)];
  if (pace) parts.push(`${pace.framesPerSecond.toFixed(1)} a second`);
  if (typeof pace?.leftMs === 'number') parts.push(`${formatLeft(pace.leftMs)} left`);
  return parts.join(' · ');
}

export function describeState({ state, done, problem }: FilmRecord, hasFile: boolean): string {
  const read = done ? `${formatFrames(done)} read` : 'nothing read yet';
  switch (state) {
    case 'waiting':
      return hasFile ? 'Waits for its turn' : `Add its file again to go on: ${read}`;
    case 'reading':
      return done ? `Reading: ${read}` : 'Opening';
    case 'paused':
      return `Paused: ${read}`;
    case 'cancelled':
      return `Stopped: ${read}`;
    case 'done':
      return formatFrames(done);
    case 'failed':
      return problem;
  }
}

/** A person's name, or `Face 2`. */
export const personLabel = (person: number, names: Readonly<Record<number, string>>): string =>
  names[person] || `Face ${person}`;
