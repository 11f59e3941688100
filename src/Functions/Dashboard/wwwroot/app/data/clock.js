import { useEffect, useState } from '../html.js';

const TOLERATED_MS = 3000;

let behind = 0;
let timer = 0;
const listeners = new Set();

/** The service's time, in milliseconds. @returns {number} */
export const now = () => Date.now() + behind;

/** Learns how far this machine's clock is off; a `Date` header is exact to the second. @param {string | null} date */
export function noteDate(date) {
  const difference = date ? Date.parse(date) - Date.now() : 0;
  behind = Math.abs(difference) > TOLERATED_MS ? difference : 0;
}

/** Draws the view again every second. @returns {number} the service's time in milliseconds */
export function useNow() {
  const [, redraw] = useState({});
  useEffect(() => {
    const listener = () => redraw({});
    listeners.add(listener);
    timer ||= setInterval(tick, 1000);
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) {
        clearInterval(timer);
        timer = 0;
      }
    };
  }, []);
  return now();
}

function tick() {
  if (document.hidden)
    return;
  for (const listener of [...listeners])
    listener();
}
