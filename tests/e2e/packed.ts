/** The library as strangers get it: built, packed, and installed in projects of their own. */
import { execFileSync } from 'node:child_process';
import { cp, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './browser';

/** A build, and npm, on a busy machine. */
export const BUILD_MS = 600_000;
export const SAMPLE = join(root, 'static', 'samples', 'astronaut.png');
const PROJECTS = join(root, 'tests', 'e2e', 'package');
/** How npm says that a registry did not give what was asked for. */
const UNAVAILABLE =
  /npm error code (E40\d|E5\d\d|ENOTFOUND|EAI_AGAIN|ECONN\w+|ETIMEDOUT|ENOTCACHED|ERR_SOCKET\w*|ETARGET)/;

export interface Tarballs {
  readonly folder: string;
  readonly mien: string;
  readonly models: string;
}

export function run(folder: string, command: string, ...args: string[]): void {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };
  execFileSync(command, args, { cwd: folder, stdio: 'pipe', shell: process.platform === 'win32', env });
}

/** Builds and packs both packages. The caller removes the folder. */
export async function packLibrary(): Promise<Tarballs> {
  run(root, 'npm', 'run', 'build:lib');
  const folder = await mkdtemp(join(tmpdir(), 'mien-packed-'));
  run(folder, 'npm', 'pack', join(root, 'dist-lib'), join(root, 'dist-models'));
  const files = await readdir(folder);
  const find = (pattern: RegExp) =>
    join(
      folder,
      files.find((name) => pattern.test(name))!,
    );
  return { folder, mien: find(/^mien-\d/), models: find(/^mien-models-\d/) };
}

/**
 * A project in a folder beside the tarballs, with the sample in `samples` and nothing installed. @param name of its files in
 * `tests/e2e/package`; none: an empty one.
 */
export async function startProject({ folder }: Tarballs, name: string, samples = ''): Promise<string> {
  const project = join(folder, name);
  await cp(join(PROJECTS, name), project, { recursive: true });
  await cp(join(PROJECTS, 'say-points.js'), join(project, 'say-points.js'));
  await cp(SAMPLE, join(project, samples, 'face.png'));
  await writeFile(join(project, 'package.json'), '{ "private": true }');
  return project;
}

/** Installs packages. @returns null, or why the registry does not give them. @throws Error where anything else fails. */
export function install(project: string, ...packages: string[]): string | null {
  try {
    run(project, 'npm', 'install', '--no-audit', '--no-fund', '--prefer-offline', ...packages);
    return null;
  } catch (error) {
    const said = String((error as { stderr?: Buffer }).stderr);
    const reason = UNAVAILABLE.exec(said);
    if (!reason) throw error;
    return `${packages.filter((name) => !name.endsWith('.tgz')).join(', ')}: ${reason[0]}`;
  }
}
