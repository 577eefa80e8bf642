/** What npm does to a command line: it runs scripts at the project's root, wherever it was called. */
import { resolve } from 'node:path';

/** A path as the caller meant it. */
export const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);
