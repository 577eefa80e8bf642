/** The pictures of a video, one after the other. */

/**
 * Every new picture of a video; without requestVideoFrameCallback (older Firefox) every repaint with a new time. While the video
 * has no size, as some have for a moment when theirs changes, there is no picture.
 * @returns ends it
 */
export function onVideoFrame(video: HTMLVideoElement, callback: (timeMs: number) => void): () => void {
  let handle = 0;
  const show = (timeMs: number) => {
    if (video.videoWidth > 0 && video.videoHeight > 0) callback(timeMs);
  };
  if ('requestVideoFrameCallback' in video) {
    const next = (timeMs: number) => {
      handle = video.requestVideoFrameCallback(next);
      show(timeMs);
    };
    handle = video.requestVideoFrameCallback(next);
    return () => video.cancelVideoFrameCallback(handle);
  }
  const fallback = video as HTMLVideoElement;
  let lastTime = -1;
  const next = (timeMs: number) => {
    handle = requestAnimationFrame(next);
    if (fallback.paused || fallback.currentTime === lastTime) return;
    lastTime = fallback.currentTime;
    show(timeMs);
  };
  handle = requestAnimationFrame(next);
  return () => cancelAnimationFrame(handle);
}
