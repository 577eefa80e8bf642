/** A language that `Intl` knows. */

/**
 * WebKitGTK calls the language of a system without one `C`, as POSIX does. `Intl` throws at that, and with it every library that
 * asks for numbers in the page's language.
 */
export function mendLanguage(navigator: Navigator): void {
  try {
    Intl.getCanonicalLocales(navigator.language);
  } catch {
    Object.defineProperty(navigator, 'language', { value: 'en', configurable: true });
  }
}
