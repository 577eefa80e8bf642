/** What the engine offers besides `createEngine`, wherever it runs: its types name nothing that browsers alone have. */

export type { EngineOf, InspectOptions, ProbeOptions } from './engine-of';
export { DISPOSE_GRACE_MS, UNRESPONSIVE_MS } from './limits';
export { checkModel, MODEL_LIMITS } from '../model/validate';
export { loadManifest, loadRegistry } from '../model/fetch';
export { EngineError, type EngineErrorCode } from '../errors';
export * from '../geometry';
export { parseManifest, parseRegistry } from '../model/manifest';
export type * from '../types';
export type * from '../teach-request';
export { LEARNED_MARGIN } from '../teach/report';
export { taughtSource } from '../teach/taught-source';
export type * from '../inspect/types';
export { MAX_BATCH } from '../pipeline/batches';
export { openFaceGazeOf, openFacePoseOf, type OpenFaceGaze, type OpenFacePose } from '../signals/openface';
export { CALIBRATION_MS } from '../signals/calibration';
