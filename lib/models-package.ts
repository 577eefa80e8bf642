/** The package `mien-models`: the networks that `mien` leaves out, each an entry of its own, so that bundlers take one along alone. */

import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly files: readonly { readonly path: string }[];
}

interface Registry {
  readonly models: readonly Entry[];
}

const TYPES = `/** The addresses of the model's files, for \`createEngine({ modelsUrl: models })\`. */
export declare const models: Readonly<Record<string, string>>;
`;

/** Writes the package of all models but the first, which `mien` has, into `outDir`. @param root the repository */
export function writeModelsPackage(root: string, outDir: string): void {
  const source = join(root, 'static', 'models');
  const registry: Registry = JSON.parse(readFileSync(join(source, 'registry.json'), 'utf8'));
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const description = JSON.parse(readFileSync(join(root, 'lib/models/package.json'), 'utf8'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(outDir, path)), { recursive: true });
    writeFileSync(join(outDir, path), text);
  };
  const writeJson = (path: string, value: unknown) => write(path, `${JSON.stringify(value, null, 2)}\n`);

  rmSync(outDir, { recursive: true, force: true });
  writeJson('package.json', { ...description, version });
  cpSync(join(root, 'lib/models/README.md'), join(outDir, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(outDir, 'LICENSE'));
  // As in `addresses.ts`: the folder has the package's name, so that addresses are right as paths and as names in a package.
  const files: string = description.name;
  for (const { id, ...model } of registry.models.slice(1)) {
    for (const { path } of model.files) cpSync(join(source, path), join(outDir, files, path));
    const own = `${id}/registry.json`;
    writeJson(join(files, own), { ...registry, models: [{ id, ...model }] });
    const addresses = [['registry.json', own], ...model.files.map(({ path }) => [path, path])].map(
      // Made when asked for, as in `addresses.ts`.
      ([path, file]) =>
        `  get '${path}'() {\n    return new URL('${files}/${file}', import.meta.url).href;\n  },\n`,
    );
    write(`${id}.js`, `export const models = {\n${addresses.join('')}};\n`);
    write(`${id}.d.ts`, TYPES);
  }
}
