/** What a face does. */

/**
 * How a head is turned, from a 3-D face laid over its points under a pinhole camera. The angles are relative to the line of
 * sight from the camera to the head: a face that looks into the camera has 0, wherever in the picture it is. The rotation is
 * roll · yaw · pitch. Beyond 75° of yaw pitch and roll become one; there pitch fades to 0 and roll takes it over.
 */
export interface HeadPose {
  /** About the vertical axis; −90..90, and a little beyond. Positive: the face looks to the right of the picture, its person's own left. */
  readonly yawDeg: number;
  /** About the axis through the ears, −90..90. Positive: the face looks up. */
  readonly pitchDeg: number;
  /** About the line of sight, −180..180. Positive: clockwise in the picture. */
  readonly rollDeg: number;
  /**
   * 16 numbers, column by column: brings points of the 3-D face (cm; x to the right of the picture, y up, z to the viewer; the
   * origin midway between the eyes) to the camera's (cm; the camera at 0, looking along −z).
   */
  readonly matrix: Float32Array;
}

/** An eye that shut and opened again. */
export interface Blink {
  readonly eye: 'left' | 'right';
  /** When it began to shut, on the clock of the frames. */
  readonly startMs: number;
  readonly durationMs: number;
  /** How far it shut: 1 wholly. */
  readonly depth: number;
}

/** An eye whose iris was found. */
export interface EyeGaze {
  /** Middle of the iris, image px. */
  readonly x: number;
  readonly y: number;
  /** Expected distance of it from its true place, image px. */
  readonly spread: number;
  /** Where this eye looks, by the axes of `Gaze`, relative to the line of sight to the eye itself. */
  readonly yawDeg: number;
  readonly pitchDeg: number;
}

/**
 * Where the eyes look, relative to the line of sight from the camera to them, as `HeadPose` is to that to the head: 0, 0 looks
 * into the camera, wherever in the picture the face is and however it is turned.
 */
export interface Gaze {
  /**
   * About the vertical axis, of both eyes together: a mean in which the more certain one counts for more. Positive: to the right
   * of the picture, the person's own left.
   */
  readonly yawDeg: number;
  /** Positive: up. */
  readonly pitchDeg: number;
  /** Null where the eye is shut or hidden. At least one is not. Left and right are the person's own. */
  readonly left: EyeGaze | null;
  readonly right: EyeGaze | null;
}

/** What a face does, measured on its points. Left and right are the person's own; a mirrored view changes no number. */
export interface Signals {
  readonly pose: HeadPose;
  /** How far each eye is open: 0 shut, 1 as wide as this face's own open eye. */
  readonly eyes: { readonly left: number; readonly right: number };
  /**
   * `opening`: gap of the inner lips over the mouth's width at rest; `width`: over its width at rest; `asymmetry`: the left
   * corner higher than the right, over the width, so that 0 is even.
   */
  readonly mouth: { readonly opening: number; readonly width: number; readonly asymmetry: number };
  /** Weights 0..1 of facial movements, by ARKit's names; `eyeLook…` among them where `gaze` is told. */
  readonly expression: Readonly<Record<string, number>>;
  /** The blinks that ended with this frame; none outside `track`. */
  readonly blinks: readonly Blink[];
  /** Where the engine was asked for it, by `gaze`; missing while both eyes are shut or hidden. */
  readonly gaze?: Gaze;
}
