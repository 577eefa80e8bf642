/** `npm run schema`: writes docs/*.schema.json. Tests check that the files are up to date. */
import { writeFile } from 'node:fs/promises';
import { format, resolveConfig } from 'prettier';
import { jsonSchemas } from '../src/shared/formats/json-schema';

for (const [name, schema] of Object.entries(jsonSchemas)) {
  const file = new URL(`../docs/${name}`, import.meta.url).pathname;
  const options = { ...(await resolveConfig(file)), filepath: file };
  await writeFile(file, await format(JSON.stringify(schema()), options));
}
