// Moves a landscape by the head, with what Mien sends: docs/streams.md. Nothing here depends on Mien's own code.

const ASK_AGAIN_MS = 1000;
/** A page that heard nothing for so long says so. */
const SILENT_MS = 2000;

const scene = document.querySelector('#scene');
const status = document.querySelector('#status');
const layers = [...document.querySelectorAll('[data-depth]')];
const bird = document.querySelector('#bird');
let heardMs = -Infinity;

function tell(text) {
  // Screen readers hear changes: the same words again are none.
  if (status.textContent !== text) status.textContent = text;
}

function move({ faces }) {
  heardMs = performance.now();
  const signals = faces.find((face) => face.signals)?.signals;
  tell(signals ? 'The landscape follows your head.' : 'Mien is there, but sees no face.');
  if (!signals) return;
  const { yawDeg, pitchDeg, rollDeg } = signals.pose;
  // As through a window: look to the right and what is near moves to the left, more than what is far. Left and right are
  // those of the picture that the camera takes, in which the person faces the other way.
  for (const layer of layers) {
    const { depth } = layer.dataset;
    layer.style.transform = `translate(${(2 * yawDeg * depth).toFixed(2)}px, ${(1.5 * pitchDeg * depth).toFixed(2)}px)`;
  }
  scene.style.transform = `rotate(${(-rollDeg / 3).toFixed(2)}deg)`;
  const open = Math.min(1, (signals.eyes.left + signals.eyes.right) / 2);
  scene.style.setProperty('--night', (1 - Math.max(0, open)).toFixed(3));
  bird.style.transform = `translateY(${(-60 * Math.min(1, signals.mouth.opening)).toFixed(2)}px)`;
  // For those who look at this page with their tools, and for Mien's own tests.
  scene.dataset.yaw = yawDeg.toFixed(2);
}

// The first way: Mien is open in another window of this browser and sends to all pages of its site.
new BroadcastChannel('mien').addEventListener('message', ({ data }) => {
  if (data.type === 'mien:signals' && data.version === 1) move(data);
});

// The second way: this page opens Mien and asks it.
let mien = null;
addEventListener('message', ({ source, origin, data }) => {
  if (source !== mien || origin !== location.origin || data?.version !== 1) return;
  if (data.type === 'mien:signals') move(data);
  if (data.type === 'mien:status' && data.status === 'asking')
    tell('Mien asks whether this page may have the numbers.');
  if (data.type === 'mien:status' && data.status === 'refused') tell('This page may not have the numbers.');
  if (data.type === 'mien:status' && data.status === 'allowed') tell('Allowed. Start the camera in Mien.');
  if (data.type === 'mien:status') clearInterval(asking);
});

let asking;
document.querySelector('#open').addEventListener('click', () => {
  mien = window.open('../', 'mien', 'popup,width=760,height=820');
  if (!mien) return tell('The browser did not let this page open a window.');
  clearInterval(asking);
  // It takes a while to load, and hears nothing before that.
  asking = setInterval(
    () => mien.postMessage({ type: 'mien:subscribe', version: 1 }, location.origin),
    ASK_AGAIN_MS,
  );
});

setInterval(() => {
  if (performance.now() - heardMs > SILENT_MS && Number.isFinite(heardMs))
    tell('Nothing more is received. Is Mien still in sight? It reads no frames while its page is hidden.');
}, SILENT_MS);
