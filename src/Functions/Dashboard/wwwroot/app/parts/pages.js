import { Refusal, call, withQuery } from '../data/api.js';
import { online } from '../data/connection.js';
import { html, useEffect, useRef, useState } from '../html.js';

/**
 * A list that is read page by page, as somebody asks for more.
 * @param {string} path with its query; another one starts anew
 * @param {number} [limit]
 */
export function usePages(path, limit = 50) {
  const [state, setState] = useState({ path: null, items: [], next: null, error: null, isBusy: true });
  const turn = useRef(0);

  async function read(after, before) {
    const mine = ++turn.current;
    try {
      const page = await call(withQuery(path, { limit, after }));
      if (mine === turn.current)
        setState({ path, items: [...before, ...page.items], next: page.next, error: null, isBusy: false });
    } catch (failure) {
      if (mine !== turn.current)
        return;
      if (failure instanceof Refusal)
        setState({ path, items: before, next: after, error: failure, isBusy: false });
      else
        online().then(() => mine === turn.current && read(after, before));
    }
  }

  useEffect(() => {
    read(null, []);
    return () => (turn.current += 1);
  }, [path]);

  const isFresh = state.path === path;
  return {
    items: isFresh ? state.items : [],
    isLoading: !isFresh,
    error: isFresh ? state.error : null,
    hasMore: isFresh && state.next !== null,
    more: () => read(state.next, state.items),
    refresh: () => read(null, []),
  };
}

export const More = ({ pages }) => pages.hasMore && html`<p class="buttons"><button type="button" onClick=${pages.more}>Show more</button></p>`;
