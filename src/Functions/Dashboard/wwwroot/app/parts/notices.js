import { createStore, useStore } from '../data/store.js';
import { connection } from '../data/connection.js';
import { html } from '../html.js';
import { visible } from '../text.js';

const SHOWN_MS = 6000;

const notice = createStore(null);
let timer = 0;

/** Says in passing that something is done. @param {string} text */
export function say(text) {
  notice.set(text);
  clearTimeout(timer);
  timer = setTimeout(() => notice.set(null), SHOWN_MS);
}

export function Notices() {
  const text = useStore(notice);
  const state = useStore(connection);
  return html`
    <div class="banner" role="status">${state === 'away' && html`<p><span class="spinner"></span>Reconnecting. What you see is from before.</p>`}</div>
    <div class="notices" role="status" aria-live="polite">${text && html`<p>${visible(text)}</p>`}</div>`;
}
