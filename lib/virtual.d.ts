/** The package's own models by their paths; made by `lib/build.ts`. */
declare module 'virtual:package-models' {
  export function packageModels(): Readonly<Record<string, string>>;
}

/** Their paths alone, in the package's `mien/models`; made by `lib/build.ts`. */
declare module 'virtual:model-paths' {
  export const MODEL_PATHS: readonly string[];
}
