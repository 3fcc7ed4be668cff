/** Calls `look` at once and every so often, but for while the tab is hidden. Call the result to stop. */
export function whileSeen(look: () => unknown, everyMs: number): () => void {
  const seen = () => document.hidden || look();
  const timer = setInterval(seen, everyMs);
  document.addEventListener('visibilitychange', seen);
  look();
  return () => {
    clearInterval(timer);
    document.removeEventListener('visibilitychange', seen);
  };
}
