/** What the measuring commands share: paths as npm was given them, and how a command ends. */
import { resolve } from 'node:path';

/** A path as the caller meant it: npm runs scripts at the project's root, wherever it was called. */
export const fromHere = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);

/** Runs a command; what it throws becomes a message on stderr, without a stack, and exit status 1. */
export async function run(command: () => Promise<void>): Promise<void> {
  try {
    await command();
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
