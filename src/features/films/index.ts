/** The feature's entry: its page, and the films, which stay for as long as the app is open. */

export { default as FilmsPage } from './FilmsPage.svelte';
export { FilmLibrary, type FilmLibraryOptions } from './library.svelte';
export { createFilmsPart } from './storage/films-part';
