import { useEffect, useState } from 'react';
import { createEngine } from 'mien';

export function Points({ picture }) {
  const [faces, setFaces] = useState([]);
  useEffect(() => {
    const engine = createEngine();
    engine.then((ready) => ready.detect(picture)).then((result) => setFaces(result.faces));
    return () => void engine.then((ready) => ready.dispose());
  }, [picture]);
  return <output>{JSON.stringify(faces.map(({ points }) => [...points]))}</output>;
}
