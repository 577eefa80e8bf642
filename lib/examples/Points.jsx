import { useEffect, useState } from 'react';
import { createEngine } from 'mien';

export function Points({ picture }) {
  const [said, setSaid] = useState('');
  useEffect(() => {
    const ending = new AbortController();
    const { signal } = ending;
    const engine = createEngine({ signal });
    engine
      .then((ready) => ready.detect(picture, { signal }))
      .then(({ faces }) => setSaid(JSON.stringify(faces.map(({ points }) => [...points]))))
      .catch((error) => signal.aborted || setSaid(`failed: ${error.message}`));
    return () => {
      ending.abort();
      engine.then((ready) => ready.dispose()).catch(() => {});
    };
  }, [picture]);
  return <output>{said}</output>;
}
