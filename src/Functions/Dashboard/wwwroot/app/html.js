import htm from '../vendor/htm.mjs';
import { h, render } from '../vendor/preact.mjs';

export { useEffect, useErrorBoundary, useMemo, useRef, useState } from '../vendor/preact-hooks.mjs';
export { render };

/** Markup as tagged templates. What stands in `${}` becomes text or an attribute, never markup. */
export const html = htm.bind(h);
