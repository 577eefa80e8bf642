/** The feature's entry: its page. */

export { default as LabPage } from './LabPage.svelte';
export type { LabPictures, LabServices } from './types';
