/** Whether the processor is taken by others, so that times by the clock say nothing about the page. */

/** A computation of 20 ms held up for longer says so. */
export const STALLED_MS = 15;

/** How long the probe computes, ms of processor time, and how often. */
const PROBE_MS = 20;
const PROBE_EVERY_MS = 300;

/** Computes for 20 ms again and again; each entry is how much longer that took by the clock, ms. */
export async function probeStalls(forMs: number): Promise<number[]> {
  const stalls: number[] = [];
  const end = performance.now() + forMs;
  while (performance.now() < end) {
    const start = performance.now();
    const cpuStart = process.cpuUsage();
    let cpuMs = 0;
    while (cpuMs < PROBE_MS) {
      const { user, system } = process.cpuUsage(cpuStart);
      cpuMs = (user + system) / 1000;
    }
    stalls.push(performance.now() - start - cpuMs);
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
  return stalls;
}
