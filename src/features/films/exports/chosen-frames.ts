/** Frames that a person names. */

const item = /^(\d+)(?:\s*[-–]\s*(\d+)(?:\s*:\s*(\d+))?)?$/;

/**
 * `12, 40-60, 100-900:50`: numbers from 1, as the player and the tables count, ranges, and every so many of a range.
 * @returns from 0, rising, each once
 * @throws Error naming what is no frame of the film's `count`
 */
export function parseFrames(text: string, count: number): number[] {
  const items = text
    .split(/[,;]/)
    .map((part) => part.trim())
    .filter(Boolean);
  if (items.length === 0) throw new Error('which frames? Write numbers and ranges, such as 12, 40-60');
  const frames = new Set<number>();
  for (const one of items) {
    const [found, first, last = first, step = '1'] = item.exec(one) ?? [];
    if (!found || Number(step) === 0)
      throw new Error(`"${one}" names no frames: write numbers and ranges, such as 12, 40-60`);
    const [from, to] = [Number(first), Number(last)];
    if (from > to) throw new Error(`"${one}" runs backwards`);
    if (from < 1 || to > count) throw new Error(`"${one}": the film has frames 1 to ${count}`);
    for (let frame = from; frame <= to; frame += Number(step)) frames.add(frame - 1);
  }
  return [...frames].sort((one, other) => one - other);
}
