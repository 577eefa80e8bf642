/** The worker: makes a pipeline and hands it to the page, which calls it as if it were its own. */

import * as Comlink from 'comlink';
import { probeGpu, type GpuProbe } from '../backend/capabilities';
import type { PipelineOptions } from '../options';
import { createPipeline } from '../pipeline/pipeline';
import type { PipelineEvents } from '../pipeline/types';
import './error-transfer';
import { holdLock } from './liveness';

export interface WorkerApi {
  probe(): Promise<GpuProbe>;
  /** Holds the lock of that name for as long as the worker lives. */
  hold(lock: string): Promise<void>;
  /** Makes a pipeline that is called through the first port, and tells its events through the second. */
  create(options: PipelineOptions, ports: readonly [calls: MessagePort, events: MessagePort]): Promise<void>;
}

/** Begun with the script: the page asks for it, and the pipeline needs it. */
const probing = probeGpu();

const api: WorkerApi = {
  probe: () => probing,
  hold: holdLock,
  async create(options, [calls, events]) {
    const told = Comlink.wrap<PipelineEvents>(events) as unknown as PipelineEvents;
    Comlink.expose(await createPipeline(options, told, undefined, probing), calls);
  },
};

Comlink.expose(api);
