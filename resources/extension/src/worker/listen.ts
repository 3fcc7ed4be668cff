/** Takes a listener away. */
export type Stop = () => void;

interface ToldOf<Listener, Rest extends unknown[]> {
  addListener(listener: Listener, ...rest: Rest): void;
  removeListener(listener: Listener): void;
}

/** Adds a listener to an event of the browser. Taking it away does nothing where the browser has dropped the event. */
export function listen<Listener, Rest extends unknown[]>(event: ToldOf<Listener, Rest>, listener: Listener, ...rest: Rest): Stop {
  event.addListener(listener, ...rest);
  return () => {
    try {
      event.removeListener(listener);
    } catch {
      // It is gone with its interface.
    }
  };
}
