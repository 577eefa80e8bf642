// Installs what a command needs; plain Node, so that it runs in a clone without node_modules:
//   node scripts/setup.mjs            the npm packages
//   node scripts/setup.mjs --tests    also the Python environment of training/ and a browser
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const windows = process.platform === 'win32';

/** Runs a command and shows its output; true when it exits with 0. @param {string} command @param {string[]} args */
function runs(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: windows }).status === 0;
}

/** @param {string} what @param {string} command @param {string[]} args */
function mustRun(what, command, args) {
  console.log(`\n> ${[command, ...args].join(' ')}`);
  if (!runs(command, args)) throw new Error(`${what} failed: ${[command, ...args].join(' ')}`);
}

/** npm records what it installed in node_modules/.package-lock.json: compares that with the lock file, package by package. */
function packagesAreInstalled() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '' || (optional && !installed[path])) return true;
    return installed[path]?.version === version;
  });
}

function ensurePackages() {
  if (!packagesAreInstalled())
    mustRun('Installing the npm packages', 'npm', ['ci', '--no-audit', '--no-fund']);
}

/** Whether missing packages can be installed by apt: Debian or Ubuntu, as root (continuous integration). */
function canUseApt() {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

/** @param {string[]} names */
function aptInstall(...names) {
  mustRun('apt-get', 'apt-get', ['update', '-q']);
  mustRun('apt-get', 'apt-get', ['install', '-y', '-q', '--no-install-recommends', ...names]);
}

/** A Python of 3.11 or newer, or null. */
function findPython() {
  const names = process.env.PYTHON
    ? [process.env.PYTHON]
    : ['python3', 'python', 'python3.13', 'python3.12', 'python3.11'];
  const probe = 'import sys; sys.exit(sys.version_info < (3, 11))';
  return names.find((name) => spawnSync(name, ['-c', probe], { stdio: 'ignore' }).status === 0) ?? null;
}

function ensurePython() {
  const requirements = join(root, 'training', 'requirements.txt');
  const venv = join(root, 'training', '.venv');
  const python = join(venv, windows ? 'Scripts/python.exe' : 'bin/python');
  const stamp = join(venv, 'requirements.installed.txt');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(python) && existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  if (!findPython() && canUseApt()) aptInstall('python3', 'python3-venv');
  const base = findPython();
  if (!base) throw new Error('training/ needs Python 3.11 or newer: install it, or name it in PYTHON');
  if (!existsSync(python) && !runs(base, ['-m', 'venv', venv])) {
    if (canUseApt()) aptInstall('python3-venv');
    mustRun('Making the Python environment', base, ['-m', 'venv', '--clear', venv]);
  }
  mustRun('Installing the Python packages', python, ['-m', 'pip', 'install', '-q', '-r', requirements]);
  writeFileSync(stamp, wanted);
}

async function ensureBrowser() {
  const { findBrowser } = await import('./find-browser.mjs');
  if (await findBrowser()) return;
  console.log('\nNo Chromium found (MIEN_BROWSER can name one); fetching one for the tests.');
  if (runs('npx', ['playwright-core', 'install', 'chromium']) && (await findBrowser())) return;
  if (canUseApt()) aptInstall('chromium');
  if (!(await findBrowser()))
    throw new Error('The browser tests need Chromium: install it, or name it in MIEN_BROWSER');
}

try {
  ensurePackages();
  if (process.argv.includes('--tests')) {
    ensurePython();
    await ensureBrowser();
  }
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
