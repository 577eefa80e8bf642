/** Sound for a file format that does not take it as it is: encoded anew, as Opus. */

import { AudioSampleSink, AudioSampleSource, canEncodeAudio, Quality } from 'mediabunny';
import type { AudioSample, InputAudioTrack, Output } from 'mediabunny';
import { feedFrom } from './feed';

const CODEC = 'opus';
/** Opus knows only some rates; every encoder takes this one. */
const SAMPLE_RATE = 48_000;
const MAX_CHANNELS = 2;

/** Whether this browser can decode it and encode it anew. */
export async function canEncodeSound(sound: InputAudioTrack): Promise<boolean> {
  const numberOfChannels = Math.min(await sound.getNumberOfChannels(), MAX_CHANNELS);
  return (
    (await sound.canDecode()) && (await canEncodeAudio(CODEC, { numberOfChannels, sampleRate: SAMPLE_RATE }))
  );
}

/**
 * Adds a track for it, before the output is started.
 * @returns encodes what begins before a time, s, and was not encoded yet
 */
export async function encodeSoundTo(
  output: Output,
  sound: InputAudioTrack,
): Promise<(untilS: number) => Promise<void>> {
  const numberOfChannels = Math.min(await sound.getNumberOfChannels(), MAX_CHANNELS);
  const source = new AudioSampleSource({
    codec: CODEC,
    quality: new Quality('high'),
    transform: { numberOfChannels, sampleRate: SAMPLE_RATE },
  });
  output.addAudioTrack(source);
  return feedFrom(fromStart(sound), (sample) => source.add(sample).finally(() => sample.close()));
}

/** Without what is before the start of a trimmed film. */
async function* fromStart(sound: InputAudioTrack): AsyncGenerator<AudioSample> {
  for await (const sample of new AudioSampleSink(sound).samples(0))
    if (sample.timestamp >= 0) yield sample;
    else sample.close();
}
