/**
 * Keeps the keyboard's focus where it was when what had it leaves the page: on what stands in its place or beside it, else on
 * what it was part of. Browsers would let it fall to the body, and a person on the keyboard would begin at the top again.
 */

const canTakeFocus = (node: Node): node is HTMLElement =>
  node instanceof HTMLElement && node.isConnected && node.checkVisibility({ visibilityProperty: true });

/** The element, then all that it is part of. */
function ancestry(element: Element): Element[] {
  const parent = element.parentElement;
  return [element, ...(parent ? ancestry(parent) : [])];
}

/** The first element that stands after a place in the page and can have the focus, or else the last before it. */
function beside({ nextSibling, previousSibling }: MutationRecord): HTMLElement | null {
  for (let node = nextSibling; node; node = node.nextSibling) if (canTakeFocus(node)) return node;
  for (let node = previousSibling; node; node = node.previousSibling) if (canTakeFocus(node)) return node;
  return null;
}

function focusOn(element: HTMLElement): void {
  element.focus();
  if (document.activeElement === element) return;
  // Not for the keyboard, as a heading or an entry of a list: it has the focus this once.
  element.tabIndex = -1;
  element.focus();
  element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
}

/** @param root all that comes and goes lies in it, and it stays. */
export function keepFocus(root: HTMLElement): void {
  /** What has the focus, and all that it is part of; empty when a person let go of it. */
  let path: Element[] = [];
  const isLost = () => document.activeElement === document.body;
  root.addEventListener(
    'focusin',
    ({ target }) => (path = target instanceof Element ? ancestry(target) : []),
  );
  root.addEventListener('focusout', () =>
    // By then it is known whether the element left the page.
    queueMicrotask(() => {
      if (isLost() && path[0]?.isConnected) path = [];
    }),
  );
  const observer = new MutationObserver((records) => {
    const left = path.findLast((element) => !element.isConnected);
    if (!left || !isLost()) return;
    const record = records.findLast(({ removedNodes }) => [...removedNodes].includes(left));
    const place = (record && beside(record)) ?? path.slice(path.indexOf(left) + 1).find(canTakeFocus);
    if (place) focusOn(place);
  });
  observer.observe(root, { childList: true, subtree: true });
}
