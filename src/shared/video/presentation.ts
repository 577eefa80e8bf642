/** What of a file belongs to its film: one that was trimmed may hold frames before its start, for decoding or to be trimmed anew. */

import { EncodedPacketSink, type InputVideoTrack } from 'mediabunny';

/** Times of WebM are whole ms, so that the first frame may come to lie this much before the start. */
const ROUNDING_MS = 1;

/** @returns the time at which a frame is shown, from 0, ms; null for one before the film's start */
export const presentedMs = (timeMs: number): number | null =>
  timeMs < -ROUNDING_MS ? null : Math.max(0, timeMs);

/** Times of all frames of the film as its file tells them, ms, rising. */
export async function frameTimesOf(track: InputVideoTrack): Promise<number[]> {
  const times: number[] = [];
  const packets = new EncodedPacketSink(track).packets(undefined, undefined, { metadataOnly: true });
  for await (const { timestamp } of packets) {
    const timeMs = presentedMs(timestamp * 1000);
    if (timeMs !== null) times.push(timeMs);
  }
  return times.sort((a, b) => a - b);
}
