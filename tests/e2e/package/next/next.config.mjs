// Nothing here is for mien.
export default { output: 'export' };
