// Nothing here is for mien.
module.exports = { mode: 'production', entry: './index.js', performance: false };
