/** Limits on models from outside: more than any network for this task needs, less than what crashes a phone. */

export const MODEL_LIMITS = {
  /** Of model.json. */
  jsonBytes: 4e6,
  /** Of all files of the model together. */
  totalBytes: 64e6,
  nodes: 4000,
  /** Numbers in all layers together, for one face; four bytes each. */
  layerValues: 128e6,
  /** For one face. */
  multiplyAdds: 20e9,
} as const;
