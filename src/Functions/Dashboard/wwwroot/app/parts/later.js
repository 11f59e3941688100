import { html, useEffect, useState } from '../html.js';
import { Empty, Loading } from './basics.js';

/** A view that is loaded when it is opened. @param {{ load: () => Promise<{ default: any }> }} props the rest goes to the view */
export function Later({ load, ...rest }) {
  const [loaded, setLoaded] = useState(null);
  useEffect(() => {
    let isGone = false;
    load().then((module) => isGone || setLoaded({ view: module.default }), () => isGone || setLoaded({ view: NotLoaded }));
    return () => (isGone = true);
  }, []);
  return loaded ? html`<${loaded.view} ...${rest} />` : html`<${Loading} />`;
}

/** Stands where a module could not be loaded. A browser tries the same address only once a page, so the page has to be loaded again. */
export function NotLoaded() {
  const [isUpdated, setUpdated] = useState(false);
  useEffect(() => {
    // A service has the files of its own version and no other.
    fetch(import.meta.url, { method: 'HEAD', cache: 'no-store', credentials: 'omit' }).then((answer) => setUpdated(answer.status === 404), () => {});
  }, []);
  return html`<${Empty} title=${isUpdated ? 'The dashboard was updated.' : 'This could not be loaded.'}>
    ${isUpdated ? 'This page is of the version before.' : 'The service may be away.'} <button type="button" class="plain" onClick=${() => location.reload()}>Reload</button><//>`;
}
