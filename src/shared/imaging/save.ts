/** Saves a file to the person's disk, as a download. */

/** How long the file's object URL stays valid, ms: Safari may ask the user before it reads it. FileSaver.js waits as long. */
export const urlLifetimeMs = 40_000;

export function saveFile(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), urlLifetimeMs);
}
