import htm from '../vendor/htm.mjs';
import { Fragment, h, render } from '../vendor/preact.mjs';

export { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from '../vendor/preact-hooks.mjs';
export { Fragment, render };

/** Markup as tagged templates. What stands in `${}` becomes text or an attribute, never markup. */
export const html = htm.bind(h);
