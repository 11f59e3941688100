import { useEffect, useRef, useState } from '../html.js';
import { Away, Refusal, call } from './api.js';
import { now } from './clock.js';
import { connection } from './connection.js';
import { session } from './session.js';

/** What was last read and when, so that a view that is opened again is not empty first. */
const kept = new Map();

let keptFor = session.get().key;

// What one key may read is not for the next.
session.listen(({ key }) => {
  if (key !== keptFor)
    kept.clear();
  keptFor = key;
});

/**
 * Reads something now, then every so often while the page is seen, and at once when the service or the page comes back.
 * @template T
 * @param {string} name tells what is read; another one starts anew; null reads nothing
 * @param {() => Promise<T>} read
 * @param {number} everyMs
 * @returns {{ data: T | undefined, at: number, error: Refusal | null, refresh: () => void }} `error`: the last answer, if it was a refusal; `data` is then what came before it, at `at`
 */
export function useReading(name, read, everyMs) {
  const [state, setState] = useState({ name, ...kept.get(name), error: null });
  const reading = useRef(read);
  reading.current = read;
  const refresh = useRef(() => {});

  useEffect(() => {
    if (name === null)
      return undefined;
    let isOver = false;
    let isBusy = false;
    let timer = 0;
    setState({ name, ...kept.get(name), error: null });

    async function look() {
      clearTimeout(timer);
      if (isOver || isBusy)
        return;
      if (document.hidden || connection.get() === 'away' || session.get().isRefused) {
        timer = setTimeout(look, everyMs);
        return;
      }
      isBusy = true;
      const { key } = session.get();
      const isCurrent = () => !isOver && session.get().key === key;
      try {
        const data = await reading.current();
        if (isCurrent()) {
          kept.set(name, { data, at: now() });
          setState({ name, ...kept.get(name), error: null });
        }
      } catch (failure) {
        if (!(failure instanceof Refusal) && !(failure instanceof Away))
          throw failure;
        if (failure instanceof Refusal && isCurrent()) {
          // What is gone, or no longer theirs, is not shown as it was.
          if (failure.isGone)
            kept.delete(name);
          setState({ name, ...kept.get(name), error: failure });
        }
      } finally {
        isBusy = false;
        if (!isOver)
          timer = setTimeout(look, session.get().key === key ? everyMs : 0);
      }
    }

    const wake = () => look();
    refresh.current = wake;
    const ends = [connection.listen(wake), session.listen(wake)];
    document.addEventListener('visibilitychange', wake);
    look();
    return () => {
      isOver = true;
      clearTimeout(timer);
      ends.forEach((end) => end());
      document.removeEventListener('visibilitychange', wake);
    };
  }, [name, everyMs]);

  // Until the effect has run, the state is still that of the name before.
  const current = state.name === name ? state : { ...kept.get(name), error: null };
  return { data: current.data, at: current.at, error: current.error, refresh: () => refresh.current() };
}

/** One call read again and again. @param {string | null} path @param {number} everyMs */
export const useCall = (path, everyMs) => useReading(path, () => call(path), everyMs);
