/** How much memory the browsers take that this process started. Linux alone tells it this way. */
import { readdirSync, readFileSync } from 'node:fs';

interface Process {
  readonly id: number;
  readonly parent: number;
  readonly bytes: number;
}

function readProcess(id: number): Process | null {
  try {
    const status = readFileSync(`/proc/${id}/status`, 'utf8');
    const field = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    // Of its own: what it shares with others, such as mapped files, is not counted.
    return { id, parent: field('PPid'), bytes: 1024 * field('RssAnon') };
  } catch {
    // It has ended meanwhile.
    return null;
  }
}

/** Of all processes below this one, bytes. */
export function childMemory(): number {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const below = new Set([process.pid]);
  for (const parent of below) for (const one of all) if (one.parent === parent) below.add(one.id);
  return all.reduce((sum, { id, bytes }) => (below.has(id) && id !== process.pid ? sum + bytes : sum), 0);
}

/** The most that they take more than now while this runs, bytes. */
export async function memoryGrowth(run: () => Promise<unknown>): Promise<number> {
  const before = childMemory();
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, childMemory())), 50);
  try {
    await run();
  } finally {
    clearInterval(timer);
  }
  return most - before;
}
