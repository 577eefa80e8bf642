/** The film's sound, and the clock that the frames follow while it plays. */

export interface FilmSound {
  /** Starts at this time. @returns false where the browser plays no sound of it */
  play(timeMs: number): Promise<boolean>;
  pause(): void;
  setMuted(isMuted: boolean): void;
  /** Where it is, ms; null where it does not run: before its start, after its end, or where there is none. */
  timeMs(): number | null;
  close(): void;
}

/** An element that takes longer to start would hold the frames up. */
const START_MS = 1500;

export function createFilmSound(file: Blob): FilmSound {
  const element = new Audio(URL.createObjectURL(file));
  element.preload = 'auto';
  return {
    async play(timeMs) {
      element.currentTime = timeMs / 1000;
      const late = new Promise<false>((resolve) => setTimeout(resolve, START_MS, false));
      const started = element.play().then(
        () => true,
        () => false,
      );
      const isPlaying = await Promise.race([started, late]);
      if (!isPlaying) element.pause();
      return isPlaying;
    },
    pause: () => element.pause(),
    setMuted: (isMuted) => void (element.muted = isMuted),
    timeMs: () => (element.paused || element.ended ? null : element.currentTime * 1000),
    close() {
      element.pause();
      URL.revokeObjectURL(element.src);
      element.removeAttribute('src');
      element.load();
    },
  };
}
