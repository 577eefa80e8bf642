/** Copies sound from one film to another as it is encoded. */

import { EncodedAudioPacketSource, EncodedPacketSink } from 'mediabunny';
import type { EncodedPacket, InputAudioTrack, Output } from 'mediabunny';

/** A decoder may need so much before the first sound that is heard, s: 80 ms of Opus, two frames of AAC. */
const PRE_ROLL_S = 0.1;

/**
 * Adds a track for it, before the output is started.
 * @returns copies what comes before a time, s, and was not copied yet
 */
export async function copySoundTo(
  output: Output,
  sound: InputAudioTrack,
): Promise<(untilS: number) => Promise<void>> {
  const codec = await sound.getCodec();
  if (!codec) throw new Error('sound: its codec is unknown');
  const decoderConfig = (await sound.getDecoderConfig()) ?? undefined;
  const source = new EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  const packets = new EncodedPacketSink(sound).packets();
  /** The next one, without those before the start of a trimmed film. */
  async function take(): Promise<EncodedPacket | null> {
    for (;;) {
      const packet = (await packets.next()).value ?? null;
      if (!packet || packet.timestamp + packet.duration > -PRE_ROLL_S) return packet;
    }
  }
  let next: EncodedPacket | null | undefined;
  return async (untilS) => {
    if (next === undefined) next = await take();
    while (next && next.timestamp < untilS) {
      await source.add(next, { decoderConfig });
      next = await take();
    }
  };
}
