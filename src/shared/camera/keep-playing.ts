/** Plays the video of a camera again after the system has paused it, as a phone call, a lock screen or another app does. */

/** The parts of a video that are needed here. */
export interface PlayedVideo extends EventTarget {
  readonly paused: boolean;
  readonly isConnected: boolean;
  play(): Promise<void>;
}

export interface KeptPlaying {
  /** Whether it should play; true at the start. */
  setWanted(wanted: boolean): void;
  stop(): void;
}

/**
 * A video outside the document stays as it is: nobody sees it.
 * @param page the document: a video that may not play yet is tried again when the page is seen again, and when it is pressed,
 * which some browsers wait for.
 * @param track of the video: it is tried again when its picture is given back.
 */
export function keepPlaying(
  video: PlayedVideo,
  page: EventTarget & Pick<Document, 'visibilityState'>,
  track: EventTarget,
): KeptPlaying {
  const listening = new AbortController();
  const { signal } = listening;
  let wanted = true;
  const play = () => {
    if (!wanted || !video.paused || !video.isConnected || page.visibilityState === 'hidden') return;
    // The system may refuse for now; the next event tries again.
    video.play().catch(() => undefined);
  };
  video.addEventListener('pause', play, { signal });
  page.addEventListener('visibilitychange', play, { signal });
  page.addEventListener('pointerdown', play, { signal });
  track.addEventListener('unmute', play, { signal });
  return {
    setWanted: (value) => (wanted = value),
    stop: () => listening.abort(),
  };
}
