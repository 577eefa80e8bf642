/** The files besides its own code that the engine needs, by their addresses: how a build ships them is up to the build. */

/** Absolute addresses of tfjs' WebAssembly binaries, and of the script that each of its threads runs. */
export interface WasmFiles {
  readonly plain: string;
  readonly simd: string;
  readonly threaded: string;
  readonly thread: string;
}

/** Absolute addresses. */
export interface EngineFiles {
  readonly worker: string;
  readonly wasm: WasmFiles;
}
