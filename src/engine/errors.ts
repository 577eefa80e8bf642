/** The errors of the engine, and how they cross a worker's boundary with their code and stack. */

export type EngineErrorCode =
  /** An option is out of its range. */
  | 'bad-option'
  /** The picture cannot be decoded or has no pixels. */
  | 'bad-image'
  /** `registry.json` is not one. */
  | 'bad-registry'
  /** `userDefinedMetadata.mien` of a model is missing or malformed. */
  | 'bad-manifest'
  /** The graph does not load, or does not do what its manifest says. */
  | 'bad-model'
  /** No such model in the registry, or its file is not there. */
  | 'model-missing'
  /** A file is not the one the registry describes. */
  | 'hash-mismatch'
  /** A file could not be fetched: offline, or the server failed. */
  | 'download-failed'
  /** The asked-for backend, or none at all, works here. */
  | 'no-backend'
  /** The GPU context was lost and could not be built again. */
  | 'context-lost'
  /** The asked-for backend gives points that are not the network's: a driver at fault. */
  | 'wrong-results'
  /** The worker could not be started, or died. */
  | 'worker-failed'
  /** A call gave no sign of life for too long (`UNRESPONSIVE_MS`): a hung GPU or worker. The engine is lost. */
  | 'unresponsive'
  /** The engine was used after `dispose`. */
  | 'disposed'
  /** Anything else: a defect. */
  | 'internal';

export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    readonly code: EngineErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** An error as plain data, for `postMessage`: structured clone keeps neither the class nor the code. */
export interface ErrorRecord {
  readonly code: EngineErrorCode;
  readonly message: string;
  readonly stack: string | undefined;
}

/** Any thrown value as an `EngineError`; another error becomes `internal`, with the original as its cause. */
export function toEngineError(thrown: unknown, subject: string): EngineError {
  if (thrown instanceof EngineError) return thrown;
  const detail = thrown instanceof Error ? thrown.message : describe(thrown);
  return new EngineError('internal', `${subject}: ${detail}`, { cause: thrown });
}

export function recordError(thrown: unknown): ErrorRecord {
  const error = toEngineError(thrown, 'engine');
  const cause = error.cause instanceof Error ? `\nCaused by: ${error.cause.stack}` : '';
  return { code: error.code, message: error.message, stack: error.stack && error.stack + cause };
}

export function reviveError(record: ErrorRecord): EngineError {
  const error = new EngineError(record.code, record.message);
  if (record.stack) error.stack = record.stack;
  return error;
}

/** The message of a thrown value that is not an Error (tfjs-wasm rejects with a bare `{message}`). */
function describe(thrown: unknown): string {
  if (typeof thrown === 'object' && thrown !== null && 'message' in thrown) return String(thrown.message);
  return String(thrown);
}
