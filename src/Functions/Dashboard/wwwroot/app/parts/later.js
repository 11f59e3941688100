import { html, useEffect, useState } from '../html.js';
import { Empty, Loading } from './basics.js';

/** A view that is loaded when it is opened. @param {{ load: () => Promise<{ default: any }> }} props the rest goes to the view */
export function Later({ load, ...rest }) {
  const [loaded, setLoaded] = useState(null);
  useEffect(() => {
    let isGone = false;
    load().then((module) => isGone || setLoaded({ view: module.default }), () => isGone || setLoaded({ view: Failed }));
    return () => (isGone = true);
  }, []);
  return loaded ? html`<${loaded.view} ...${rest} />` : html`<${Loading} />`;
}

const Failed = () => html`<${Empty} title="This view could not be loaded.">The service may be away. Open the view again in a moment.<//>`;
