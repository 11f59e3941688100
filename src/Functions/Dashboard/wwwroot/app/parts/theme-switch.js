import { html, useState } from '../html.js';

const NAME = 'headgate.theme';
const NEXT = { system: 'dark', dark: 'light', light: 'system' };

/** Views that draw on a canvas listen to this on `window`. */
export const THEME_CHANGED = 'headgate-theme';

/** The system's theme, or one that is chosen and kept on this machine. */
export function ThemeSwitch() {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? 'system');

  function turn() {
    const next = NEXT[theme];
    if (next === 'system')
      delete document.documentElement.dataset.theme;
    else
      document.documentElement.dataset.theme = next;
    try {
      next === 'system' ? localStorage.removeItem(NAME) : localStorage.setItem(NAME, next);
    } catch {
      // It holds for this page alone.
    }
    setTheme(next);
    dispatchEvent(new Event(THEME_CHANGED));
  }

  return html`<button type="button" class="quiet theme" onClick=${turn} title="Theme: ${theme}" aria-label="Theme: ${theme}. Switch to ${NEXT[theme]}."><span aria-hidden="true" class="theme-${theme}"></span></button>`;
}
