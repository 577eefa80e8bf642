/** How faces are drawn. */

export const overlays = ['points', 'contours', 'mesh'] as const;
export const spreadStyles = ['off', 'size', 'colour'] as const;

export type OverlayKind = (typeof overlays)[number];
export type SpreadStyle = (typeof spreadStyles)[number];

export interface OverlayStyle {
  readonly overlay: OverlayKind;
  readonly numbers: boolean;
  readonly spread: SpreadStyle;
  /** One colour per group of points rather than per face; colours of spread take precedence. Default: false. */
  readonly groups?: boolean;
  /** The axes of the head at the nose, of faces that carry signals. Default: false. */
  readonly axes?: boolean;
  /** Where the eyes look, of faces whose gaze is told. Default: false. */
  readonly gaze?: boolean;
  /** One colour for everything; left out, each face or group has its own. */
  readonly colour?: string;
}
