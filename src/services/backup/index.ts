/** Everything that a person made, as one file. */

export { restoreBackup } from './restore';
export { saveBackup } from './save';
