// What every project of these tests does: find the sample's face and write its points down.
export async function sayPoints(createEngine, options) {
  const output = document.querySelector('output');
  try {
    const engine = await createEngine(options);
    const picture = await fetch('face.png').then((response) => response.blob());
    const { faces } = await engine.detect(picture);
    output.value = JSON.stringify(faces.map(({ points }) => [...points]));
    output.title = `${engine.info.thread}: ${engine.info.backendReason}`;
    await engine.dispose();
  } catch (error) {
    output.value = `failed: ${error.message}`;
  }
}
