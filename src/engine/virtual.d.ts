/** Address of the script that each thread of tfjs' WebAssembly backend runs; made by `scripts/wasm-thread.ts`. */
declare module 'virtual:wasm-thread' {
  const url: string;
  export default url;
}
