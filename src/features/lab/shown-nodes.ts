/** Nodes of the network whose maps a view shows. */

import type { Network } from '../../engine/inspect/types';
import type { Manifest } from '../../engine/types';
import type { LabView } from './view';

export function shownNodes(
  { show, stage }: Pick<LabView, 'show' | 'stage'>,
  output: Pick<Manifest['output'], 'heatmaps'> | undefined,
  network: Pick<Network, 'stages'> | null,
): readonly string[] {
  if (show === 'heatmaps') return output?.heatmaps ? [output.heatmaps] : [];
  const opened = show === 'network' ? network?.stages.find(({ node }) => node === stage) : null;
  return opened?.maps ? [opened.maps] : [];
}
