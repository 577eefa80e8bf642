/** What can go wrong with a camera, as a small set of kinds that the page has words for. */

export type CameraProblem =
  /** The person, the browser or a policy said no. */
  | 'denied'
  | 'no-camera'
  /** It was allowed, and while it was running the browser has gone back to asking. */
  | 'withdrawn'
  /** Another program holds it, or its driver failed. */
  | 'in-use'
  /** It went away while it was running. */
  | 'unplugged'
  /** The page is not served over https or from this machine, so there is no camera to ask for. */
  | 'insecure'
  /** It was opened but sends no picture. */
  | 'no-picture'
  | 'unknown';

export class CameraError extends Error {
  override readonly name = 'CameraError';

  constructor(
    readonly problem: CameraProblem,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Names of the DOMExceptions of getUserMedia, today's and the older ones still seen in the wild. */
const problems: Readonly<Record<string, CameraProblem>> = {
  NotAllowedError: 'denied',
  PermissionDeniedError: 'denied',
  SecurityError: 'denied',
  NotFoundError: 'no-camera',
  DevicesNotFoundError: 'no-camera',
  OverconstrainedError: 'no-camera',
  NotReadableError: 'in-use',
  TrackStartError: 'in-use',
  AbortError: 'in-use',
};

/** Any thrown value as a `CameraError`, with the original as its cause. */
export function toCameraError(thrown: unknown): CameraError {
  if (thrown instanceof CameraError) return thrown;
  const name = thrown instanceof Error ? thrown.name : '';
  const detail = thrown instanceof Error && thrown.message ? thrown.message : String(thrown);
  return new CameraError(problems[name] ?? 'unknown', `camera: ${detail}`, { cause: thrown });
}
