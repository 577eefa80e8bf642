/** The networks of a model on the page's thread, beside the engine, for those who look at its stages one by one. */
import { shippedFiles } from '../../../src/engine/api/shipped-files';
import { parseOptions } from '../../../src/engine/options';
import { downloadModels } from '../../../src/engine/pipeline/download';
import { openNetworks, type Networks } from '../../../src/engine/pipeline/networks';
import type { EngineOptions } from '../../../src/engine/types';

const MAX_FACES = 8;
let current: Networks | null = null;

/** Opens networks in place of the last ones. */
export async function openStages(options: EngineOptions): Promise<void> {
  current?.dispose();
  const settings = parseOptions(options, document.baseURI);
  const files = await downloadModels(settings, () => {});
  current = await openNetworks({
    files,
    wanted: settings.backend,
    wasm: shippedFiles().wasm,
    maxFaces: MAX_FACES,
  });
}

/** @throws when none are open. */
export function stageNetworks(): Networks {
  if (!current) throw new Error('bench page: no networks are open');
  return current;
}
