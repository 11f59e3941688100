/** Control characters, and the marks that turn the direction of what follows: text from tenants may hold any. */
const UNSEEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Makes what can't be seen visible: `⟨U+202E⟩`. @param {unknown} text */
export function visible(text) {
  return String(text ?? '').replace(UNSEEN, (mark) => `⟨U+${mark.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}⟩`);
}

/** The same for text of several lines. @param {unknown} text */
export function visibleLines(text) {
  return String(text ?? '').split(/\r\n|\n/).map((line) => line.split('\t').map(visible).join('\t')).join('\n');
}

/** A length of time in its two largest units: `3 m 20 s`. @param {number | null} seconds */
export function duration(seconds) {
  if (seconds === null || Number.isNaN(seconds))
    return '–';
  const whole = Math.max(0, seconds);
  if (whole < 1)
    return `${Math.round(whole * 1000)} ms`;
  if (whole < 10)
    return `${(Math.floor(whole * 10) / 10).toFixed(1)} s`;
  if (whole < 60)
    return `${Math.floor(whole)} s`;
  if (whole < 3600)
    return `${Math.floor(whole / 60)} m ${pad(Math.floor(whole % 60))} s`;
  if (whole < 86_400)
    return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} m`;
  return `${Math.floor(whole / 86_400)} d ${pad(Math.floor((whole % 86_400) / 3600))} h`;
}

/** How long ago, in one unit: it is read at a glance and changes seldom. @param {number} seconds */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < 60)
    return `${whole} s`;
  if (whole < 3600)
    return `${Math.floor(whole / 60)} m`;
  if (whole < 86_400)
    return `${Math.floor(whole / 3600)} h`;
  return `${Math.floor(whole / 86_400)} d`;
}

const pad = (number) => String(number).padStart(2, '0');

const numbers = new Intl.NumberFormat('en');
/** @param {number} value */
export const count = (value) => numbers.format(value);

/** @param {number} value @param {string} one @param {string} [many] */
export const counted = (value, one, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

const moments = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
/** In the reader's own time zone. @param {string | number} at */
export const moment = (at) => moments.format(new Date(at));

const clocks = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
/** @param {string | number} at */
export const clock = (at) => clocks.format(new Date(at));

/** Seconds from one moment to another. @param {string | number} from @param {string | number} to */
export const between = (from, to) => (new Date(to).getTime() - new Date(from).getTime()) / 1000;

/** The part of an id that people compare. @param {string} id */
export const short = (id) => (id.length > 14 ? id.slice(0, 12) + '…' : id);

/** `waiting-for-start` as words. @param {string} code */
export const words = (code) => String(code ?? '').replaceAll('-', ' ');
