import { describe, expect, test } from 'vitest';
import { keepPlaying } from './keep-playing';

class FakeVideo extends EventTarget {
  paused = false;
  isConnected = true;
  plays = 0;
  refuses = false;

  play(): Promise<void> {
    this.plays += 1;
    if (this.refuses) return Promise.reject(new DOMException('not now', 'NotAllowedError'));
    this.paused = false;
    return Promise.resolve();
  }

  pauseBySystem(): void {
    this.paused = true;
    this.dispatchEvent(new Event('pause'));
  }
}

function open() {
  const video = new FakeVideo();
  const page = Object.assign(new EventTarget(), { visibilityState: 'visible' as DocumentVisibilityState });
  const track = new EventTarget();
  return { video, page, track, kept: keepPlaying(video, page, track) };
}

describe('a video that the system pauses', () => {
  test('plays again at once, where the page is seen', () => {
    const { video } = open();
    video.pauseBySystem();
    expect(video.paused).toBe(false);
  });

  test('plays again after the lock screen', () => {
    const { video, page } = open();
    page.visibilityState = 'hidden';
    video.pauseBySystem();
    expect(video.plays).toBe(0);
    page.visibilityState = 'visible';
    page.dispatchEvent(new Event('visibilitychange'));
    expect(video.paused).toBe(false);
  });

  test('that may not play yet is tried again when its picture is back', async () => {
    const { video, track } = open();
    video.refuses = true;
    video.pauseBySystem();
    expect(video.paused).toBe(true);
    await Promise.resolve();
    video.refuses = false;
    track.dispatchEvent(new Event('unmute'));
    expect(video.paused).toBe(false);
  });

  test('that may play only after a press plays with it', async () => {
    const { video, page } = open();
    video.refuses = true;
    video.pauseBySystem();
    await Promise.resolve();
    video.refuses = false;
    page.dispatchEvent(new Event('pointerdown'));
    expect(video.paused).toBe(false);
  });

  test('stays paused where that is wanted, outside the document, and after its end', () => {
    const { video, kept } = open();
    kept.setWanted(false);
    video.pauseBySystem();
    kept.setWanted(true);
    video.isConnected = false;
    video.pauseBySystem();
    video.isConnected = true;
    kept.stop();
    video.pauseBySystem();
    expect(video.plays).toBe(0);
  });
});
