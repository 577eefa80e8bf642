/** Tasks that keep the page's thread busy, by the clock and by the processor, and whether the machine itself was stalling. */
import type { Browser, Page } from 'playwright-core';
import { probeStalls } from './stalls';

export interface Task {
  /** By the clock, ms. */
  readonly wallMs: number;
  /** What the thread computed in that time, ms. */
  readonly cpuMs: number;
}

export interface Watched {
  /** Every task of the page's main thread, the longest first. */
  readonly tasks: readonly Task[];
  /** The worst of `probeStalls`. */
  readonly stallMs: number;
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/** Traces the page for a while. */
export async function watchTasks(browser: Browser, page: Page, forMs: number): Promise<Watched> {
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'disabled-by-default-devtools.timeline'],
  });
  const stalls = await probeStalls(forMs);
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as {
    traceEvents: TraceEvent[];
  };
  return { tasks: mainThreadTasks(traceEvents), stallMs: Math.max(...stalls) };
}

/** @throws when the trace holds no tasks, as after a change of the browser's trace format. */
function mainThreadTasks(events: readonly TraceEvent[]): Task[] {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}/${tid}`),
  );
  const tasks = events
    .filter(({ name, ph, pid, tid }) => name.endsWith('RunTask') && ph === 'X' && mains.has(`${pid}/${tid}`))
    .map(({ dur = 0, tdur = 0 }) => ({ wallMs: dur / 1000, cpuMs: tdur / 1000 }));
  if (tasks.length < 10) throw new Error(`trace: only ${tasks.length} tasks on the page's thread`);
  return tasks.sort((one, other) => other.wallMs - one.wallMs);
}
