import { createStore } from './data/store.js';

/** Where in the dashboard somebody is: the parts behind the `#`, which the browser sends to nobody. */
export const route = createStore(parse());

addEventListener('hashchange', () => route.set(parse()));

/** @returns {string[]} */
function parse() {
  return location.hash.replace(/^#\/?/, '').split('/').filter(Boolean).map(decode);
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The tenant that a place belongs to, if it does. @param {string[]} parts @returns {string | null} */
export const tenantIn = ([kind, id]) => (kind === 'tenants' ? id ?? null : null);

/** The address of a place. @param {...string} parts */
export const link = (...parts) => '#/' + parts.map(encodeURIComponent).join('/');

/** @param {...string} parts */
export function go(...parts) {
  location.hash = link(...parts);
}
