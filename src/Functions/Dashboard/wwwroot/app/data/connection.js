import { createStore } from './store.js';

const FIRST_MS = 500;
const LONGEST_MS = 4000;

/** Whether the service answers: `online`, or `away` while it is asked again and again. */
export const connection = createStore('online');

/** Nothing answered. Asks until something does; whoever waits for it listens to {@link connection}. */
export function lost() {
  if (connection.get() === 'away')
    return;
  connection.set('away');
  ask(FIRST_MS);
}

/** @param {number} pause in milliseconds */
function ask(pause) {
  setTimeout(async () => {
    try {
      // Not whether it reaches its stores: what can be read is shown while one of them is away.
      const answer = await fetch('/health', { cache: 'no-store', credentials: 'omit' });
      if (answer.ok && (await answer.json()).status === 'ok') {
        connection.set('online');
        return;
      }
    } catch {
      // Still away.
    }
    ask(Math.min(pause * 1.5, LONGEST_MS));
  }, pause);
}

/** @returns {Promise<void>} at once if the service answers */
export function online() {
  if (connection.get() === 'online')
    return Promise.resolve();
  return new Promise((resolve) => {
    const end = connection.listen((state) => {
      if (state === 'online') {
        end();
        resolve();
      }
    });
  });
}
