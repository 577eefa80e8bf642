/** Shared by the benchmark commands: paths relative to where npm was called, and how a command ends. */
import { resolve } from 'node:path';

/** Resolves a path relative to the caller's folder: npm runs scripts at the project's root. */
export const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** Runs a command; an error becomes a message on stderr, without a stack, and exit status 1. */
export async function run(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
