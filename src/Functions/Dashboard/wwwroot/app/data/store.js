import { useEffect, useState } from '../html.js';

/**
 * A value that views listen to.
 * @template T
 * @param {T} initial
 */
export function createStore(initial) {
  let value = initial;
  const listeners = new Set();
  return {
    get: () => value,
    /** @param {T} next */
    set(next) {
      if (Object.is(next, value))
        return;
      value = next;
      for (const listener of [...listeners])
        listener(value);
    },
    /** @param {(value: T) => void} listener @returns {() => void} ends it */
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value now; the view is drawn again when it changes. */
export function useStore(store) {
  const [, redraw] = useState({});
  const seen = store.get();
  useEffect(() => {
    // What changed between drawing and listening.
    if (!Object.is(store.get(), seen))
      redraw({});
    return store.listen(() => redraw({}));
  }, [store]);
  return seen;
}
