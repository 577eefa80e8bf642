import { createRoot } from 'react-dom/client';
import { Points } from './node_modules/mien/examples/Points.jsx';

const picture = await fetch('face.png').then((response) => response.blob());
createRoot(document.querySelector('main')).render(<Points picture={picture} />);
