import { mount } from 'svelte';
import Points from './node_modules/mien/examples/Points.svelte';

const picture = await fetch('face.png').then((response) => response.blob());
mount(Points, { target: document.querySelector('main'), props: { picture } });
