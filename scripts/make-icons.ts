/** `npm run icons`: renders the app's icons from static/icon.svg. */
import { readFile } from 'node:fs/promises';
import { launchBrowser, root } from '../tests/e2e/browser';

/** Changes to the drawing for systems that mask the icon themselves, or use only its outline. */
const kinds = {
  icon: '',
  maskable: 'rect { rx: 0 }',
  monochrome: 'rect { display: none } circle { fill: white } path { stroke: white }',
};

const icons: readonly [kind: keyof typeof kinds, name: string, px: number][] = [
  ['icon', 'icon-192', 192],
  ['icon', 'icon-512', 512],
  ['maskable', 'maskable-192', 192],
  ['maskable', 'maskable-512', 512],
  ['maskable', 'apple-touch-180', 180],
  ['monochrome', 'monochrome-512', 512],
];

const svg = await readFile(`${root}static/icon.svg`, 'utf8');
const browser = await launchBrowser({ camera: 'none', gl: 'none' });
const page = await browser.newPage();
for (const [kind, name, px] of icons) {
  await page.setViewportSize({ width: px, height: px });
  await page.setContent(`<style>body { margin: 0 } svg { display: block } ${kinds[kind]}</style>${svg}`);
  await page.screenshot({ path: `${root}static/icons/${name}.png`, omitBackground: true });
}
await browser.close();
