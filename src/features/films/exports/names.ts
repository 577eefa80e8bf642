/** Names of exported files. */

import { stemOf } from '../../../shared/formats/names';

/** `walk-000012`: numbers count from 1, as in the tables. @param frame from 0 */
export function frameName(film: string, frame: number): string {
  return `${stemOf(film)}-${String(frame + 1).padStart(6, '0')}`;
}
