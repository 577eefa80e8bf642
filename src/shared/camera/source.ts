/** Where frames come from: a camera or the sample. The page shows its element; the live loop reads frames from it. */

import type { Size } from '../imaging/types';

export interface FrameSource {
  readonly kind: 'camera' | 'sample';
  /** What to show; `createImageBitmap` of it gives a frame. */
  readonly element: HTMLVideoElement | HTMLCanvasElement;
  /** For the screen. */
  readonly label: string;
  /** Id of the camera, to find it in the list of cameras. */
  readonly deviceId: string | null;
  /** Which way the camera looks, where the device says so (phones do). */
  readonly facing: 'user' | 'environment' | null;
  /** Whether a person expects to see themselves as in a mirror. */
  readonly mirrorByDefault: boolean;
  /** Size of a frame in px. */
  size(): Size;
  /**
   * Calls back for every new picture, with its time in ms on the clock of `performance.now`, until the returned
   * function is called.
   */
  onFrame(callback: (timeMs: number) => void): () => void;
  pause(): void;
  /** Goes on after `pause`, or after its element was taken out of the document (which pauses a video). */
  resume(): Promise<void>;
  /** Whether the system or a switch has taken its picture away for a while, as a phone call does on iOS. */
  isMuted(): boolean;
  /** Lets the camera go. */
  stop(): void;
}
