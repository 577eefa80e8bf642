/** face-api in a frame of this page. */
import type { Rival } from './rival';

/** The caller removes the frame. @throws when face-api does not load. */
export async function loadRival(): Promise<{ rival: Rival; remove(): void }> {
  const frame = document.createElement('iframe');
  frame.src = 'rival.html';
  const loaded = new Promise((resolve, reject) => {
    frame.onload = resolve;
    frame.onerror = reject;
  });
  document.body.append(frame);
  await loaded;
  const rival = frame.contentWindow?.rival;
  if (!rival) throw new Error('compare: face-api did not load');
  return { rival, remove: () => frame.remove() };
}
