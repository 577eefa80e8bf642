/** What Lighthouse says of the built app, served with its headers, in the tests' browser. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import lighthouse, { desktopConfig } from 'lighthouse';
import { launchProfile, serveApp } from './browser';

export const categories = ['performance', 'accessibility', 'best-practices'] as const;
export type Category = (typeof categories)[number];
/** Every page, by its address's hash. */
export const pages = {
  Live: '',
  Photos: '#/photos',
  Films: '#/films',
  Lab: '#/lab',
  Models: '#/models',
  About: '#/about',
};
/** A phone with a slow network and processor, both simulated, or a desktop. */
export type Preset = 'mobile' | 'desktop';

export interface Report {
  /** By category, 0..100. */
  readonly scores: Readonly<Record<string, number>>;
  /** What was measured, and what takes points off. */
  readonly findings: readonly string[];
}

export interface Auditor {
  /** Looks at one page once. @param path query and hash; @throws when Lighthouse cannot load it */
  audit(path: string, preset: Preset, asked: readonly Category[]): Promise<Report>;
  close(): Promise<void>;
}

/** Starts the server and a browser of its own. The caller closes it. */
export async function startAuditor(): Promise<Auditor> {
  const folder = await mkdtemp(join(tmpdir(), 'mien-lighthouse-'));
  const site = await serveApp();
  const browser = await launchProfile(folder, { gl: 'none', args: ['--remote-debugging-port=0'] });
  const [port] = (await readFile(join(folder, 'DevToolsActivePort'), 'utf8')).split('\n');
  return {
    async audit(path, preset, asked) {
      const flags = { port: Number(port), logLevel: 'error' as const, onlyCategories: [...asked] };
      const config = preset === 'desktop' ? desktopConfig : undefined;
      const result = await lighthouse(site.url + path, flags, config);
      if (!result || result.lhr.runtimeError)
        throw new Error(`Lighthouse, ${path || 'Live'}: ${result?.lhr.runtimeError?.message ?? 'no result'}`);
      const { audits, categories: found } = result.lhr;
      const scores = asked.map((category) => [category, Math.round(100 * (found[category].score ?? 0))]);
      const refs = asked.flatMap((category) => found[category].auditRefs);
      const findings = refs
        .filter(({ id, weight }) => weight > 0 && (audits[id].score ?? 1) < 1)
        .map(({ id }) => `${id}: ${audits[id].displayValue ?? audits[id].title}`);
      return { scores: Object.fromEntries(scores), findings };
    },
    async close() {
      await browser.close();
      await site.close();
      await rm(folder, { recursive: true });
    },
  };
}
