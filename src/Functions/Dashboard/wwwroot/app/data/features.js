import { call } from './api.js';
import { createStore } from './store.js';

/** The paths that this service has, as its own document names them; empty until they are known. */
export const paths = createStore(new Set());

export async function learnPaths() {
  if (paths.get().size > 0)
    return;
  try {
    const document = await call('/openapi.json');
    paths.set(new Set(Object.keys(document.paths)));
  } catch {
    // Views that need one of the newer calls stay out of the navigation.
  }
}
