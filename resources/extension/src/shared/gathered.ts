/** Calls `run` once for all calls of the result within so many milliseconds of the first, and after them. */
export function gathered(run: () => void, withinMs: number): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      run();
    }, withinMs);
  };
}
