/**
 * Keeps the keyboard focus in place when the focused element is removed: moves it to the element in its place or beside it,
 * else to an ancestor. Browsers would move it to the body, and a keyboard user would have to start at the top again.
 */

const canTakeFocus = (node: Node): node is HTMLElement =>
  node instanceof HTMLElement && node.isConnected && node.checkVisibility({ visibilityProperty: true });

/** The element and its ancestors. */
function ancestry(element: Element): Element[] {
  const parent = element.parentElement;
  return [element, ...(parent ? ancestry(parent) : [])];
}

/** The first focusable sibling after the removed node, or else the last before it. */
function beside({ nextSibling, previousSibling }: MutationRecord): HTMLElement | null {
  for (let node = nextSibling; node; node = node.nextSibling) if (canTakeFocus(node)) return node;
  for (let node = previousSibling; node; node = node.previousSibling) if (canTakeFocus(node)) return node;
  return null;
}

function focusOn(element: HTMLElement): void {
  element.focus();
  if (document.activeElement === element) return;
  // Not focusable by itself, such as a heading: made focusable until it loses the focus.
  element.tabIndex = -1;
  element.focus();
  element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
}

/** @param root contains everything that comes and goes, and stays itself. */
export function restoreFocus(root: HTMLElement): void {
  /** The focused element and its ancestors; empty when the user moved the focus away. */
  let path: Element[] = [];
  const isLost = () => document.activeElement === document.body;
  root.addEventListener(
    'focusin',
    ({ target }) => (path = target instanceof Element ? ancestry(target) : []),
  );
  root.addEventListener('focusout', () =>
    // Only then is it known whether the element was removed.
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
