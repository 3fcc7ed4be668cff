import { tick } from 'svelte';

/**
 * An action. When what has the focus in `node` goes away, or `node` with it, the focus goes to the first of `places`
 * (selectors) that is there: a reader without a mouse would have to begin at the top of the page again.
 */
export function keepsFocus(node: HTMLElement, places: readonly string[]): { update: (places: readonly string[]) => void; destroy: () => void } {
  let wanted = places;
  let holder: Element | undefined;

  function came({ target }: FocusEvent) {
    holder = target as Element;
  }

  // What goes away loses the focus too, in some browsers: then it is still waited for.
  function left({ target }: FocusEvent) {
    queueMicrotask(() => {
      if (holder === target && holder?.isConnected) holder = undefined;
    });
  }

  async function look() {
    if (!holder || holder.isConnected) return;
    holder = undefined;
    await tick();
    if (document.activeElement !== document.body) return;
    const place = wanted.map((selector) => document.querySelector<HTMLElement>(selector)).find((found) => found !== null);
    place?.focus({ preventScroll: true });
  }

  const watch = new MutationObserver(() => void look());
  watch.observe(node, { childList: true, subtree: true });
  node.addEventListener('focusin', came);
  node.addEventListener('focusout', left);
  return {
    update: (others) => (wanted = others),
    destroy: () => {
      watch.disconnect();
      void look();
    },
  };
}
