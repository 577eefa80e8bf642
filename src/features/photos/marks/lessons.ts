/** Whose lessons there are besides those of schemes. */

/** In the place of a scheme's id: the 68 points, corrected on pictures of one person. */
export const MY_FACE = 'my-face';
