/** Copies sound from one film to another as it is encoded. */

import { EncodedAudioPacketSource, EncodedPacketSink } from 'mediabunny';
import type { EncodedPacket, InputAudioTrack, Output } from 'mediabunny';
import { feedFrom } from './feed';

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
  return feedFrom(fromStart(sound), (packet) => source.add(packet, { decoderConfig }));
}

/** Without what is before the start of a trimmed film. */
async function* fromStart(sound: InputAudioTrack): AsyncGenerator<EncodedPacket> {
  for await (const packet of new EncodedPacketSink(sound).packets())
    if (packet.timestamp + packet.duration > -PRE_ROLL_S) yield packet;
}
