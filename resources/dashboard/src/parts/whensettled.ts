/** Calls `begin` after a while, unless the result was called by then. The result also ends what `begin` began. */
export function whenSettled(begin: () => () => void, afterMs: number): () => void {
  let end = () => {};
  const timer = setTimeout(() => (end = begin()), afterMs);
  return () => {
    clearTimeout(timer);
    end();
  };
}
