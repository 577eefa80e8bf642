/** The package's own models by their paths; made by `lib/build.ts`. */
declare module 'virtual:package-models' {
  export function packageModels(): Readonly<Record<string, string>>;
}
