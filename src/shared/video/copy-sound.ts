/** Copies sound from one film to another as it is encoded. */

import { EncodedAudioPacketSource, EncodedPacketSink } from 'mediabunny';
import type { EncodedPacket, InputAudioTrack, Output } from 'mediabunny';

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
  const take = async (): Promise<EncodedPacket | null> => (await packets.next()).value ?? null;
  let next: EncodedPacket | null | undefined;
  return async (untilS) => {
    if (next === undefined) next = await take();
    while (next && next.timestamp < untilS) {
      await source.add(next, { decoderConfig });
      next = await take();
    }
  };
}
