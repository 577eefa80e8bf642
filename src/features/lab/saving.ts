/** Pictures of the Lab as files. */

import { encodeCanvas } from '../../shared/imaging/encode';
import { saveFile } from '../../shared/imaging/save';

/** What the file is called: `mien-lab-lite-heatmaps.png`. */
export const nameOf = (parts: readonly (string | number | null)[], ending: string): string =>
  ['mien-lab', ...parts.filter((part) => part !== null && part !== '')]
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-') + `.${ending}`;

/** @throws when the browser cannot encode it */
export async function savePng(
  canvas: HTMLCanvasElement,
  parts: readonly (string | number | null)[],
): Promise<void> {
  saveFile(await encodeCanvas(canvas, 'image/png'), nameOf(parts, 'png'));
}

/** What the page's style sheet says of a curve, for a file that has none: in the light colours. */
const CURVE_STYLE =
  'text{font:12px system-ui,sans-serif;fill:#655e55}.title{font-weight:600;fill:#24211d}.grid{stroke:#ddd5c8}' +
  '.line{fill:none;stroke:#0d6b61;stroke-width:2}circle{fill:#0d6b61}.mark{stroke:#a63a26;stroke-dasharray:4 3}';

export function saveSvg(svg: SVGSVGElement, parts: readonly (string | number | null)[]): void {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const style = document.createElementNS(svg.namespaceURI, 'style');
  style.textContent = CURVE_STYLE;
  copy.prepend(style);
  const text = new XMLSerializer().serializeToString(copy);
  saveFile(new Blob([text], { type: 'image/svg+xml' }), nameOf(parts, 'svg'));
}
