import { now, useNow } from '../data/clock.js';
import { html } from '../html.js';
import { age, between, count, duration, moment, short, visible, words } from '../text.js';

/** Text that somebody else wrote: it can turn no direction but its own, and hides nothing. */
export const Said = ({ text, class: name }) => html`<bdi class=${name} title=${visible(text)}>${visible(text)}</bdi>`;

/** What a status means at a glance; the word stands beside the colour. */
const TONES = {
  running: 'busy', assigned: 'busy', pending: 'soft', ready: 'wait', waiting: 'soft', queued: 'wait', backoff: 'wait',
  completed: 'good', admitted: 'good', success: 'good', active: 'good', online: 'good', closed: 'good', ok: 'good', met: 'good', resolved: 'good',
  failed: 'bad', refused: 'bad', failure: 'bad', exhausted: 'bad', offline: 'bad', firing: 'bad', missed: 'bad', suspended: 'bad',
  paused: 'held', held: 'held', open: 'held', quarantined: 'held', draining: 'held', 'half-open': 'wait', late: 'wait',
  cap: 'wait', month: 'bad', 'no-agent': 'bad', 'agents-busy': 'wait', 'resource-held': 'held', 'resource-open': 'held', 'waiting-for-start': 'wait',
  burning: 'wait', cancelled: 'soft', skipped: 'soft', silenced: 'soft', deactivated: 'soft', 'not-measured': 'soft',
};

export const tone = (status) => TONES[status] ?? 'soft';

export const Status = ({ of, title }) => html`<span class="status ${tone(of)}" title=${title}>${words(of)}</span>`;

/** A share of a whole, with its numbers. */
export function Bar({ value, of, label }) {
  const share = of > 0 ? Math.min(1, value / of) : 0;
  return html`
    <span class="bar ${share >= 1 ? 'full' : ''}" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax=${of} aria-valuenow=${Math.min(value, of)} aria-valuetext="${value} of ${of}">
      <span class="track"><span class="fill" style=${{ width: `${share * 100}%` }}></span></span>
      <span class="figures">${count(value)}<span class="of"> / ${count(of)}</span></span>
    </span>`;
}

/** How long ago; the moment itself on hover. */
export function Ago({ at, suffix = '' }) {
  const current = useNow();
  return at ? html`<time datetime=${at} title=${moment(at)}>${age((current - Date.parse(at)) / 1000)}${suffix}</time>` : '–';
}

/** From one moment to another, or to now while there is no other. */
export function Took({ from, to }) {
  useNow();
  return from ? html`<span>${duration(between(from, to ?? now()))}</span>` : '–';
}

/** Down to a moment. @param {{ at: string | null, over?: string }} props `over`: what stands there once it has passed */
export function Countdown({ at, over = 'due' }) {
  const left = at ? (Date.parse(at) - useNow()) / 1000 : null;
  return left === null ? '–' : html`<time datetime=${at} title=${moment(at)}>${left > 0 ? `in ${duration(Math.ceil(left))}` : over}</time>`;
}

export const Id = ({ of }) => html`<code class="id" title=${of}>${short(of)}</code>`;

/** Where there is nothing: why, and what to do next. */
export const Empty = ({ title, children, command }) => html`
  <div class="empty">
    <p class="headline">${title}</p>
    ${children && html`<p>${children}</p>`}
    ${command && html`<pre tabindex="0">${command}</pre>`}
  </div>`;

/** A refusal, as the service said it. */
export const Refused = ({ error }) => html`
  <div class="refused" role="alert">
    <strong><${Said} text=${error.title ?? error.message} /></strong>
    ${error.title && error.message && error.message !== error.title && html`<p><${Said} text=${error.message} /></p>`}
    ${error.details?.length > 0 && html`<ul>${error.details.map((each) => html`<li><code>${visible(each.path)}</code> <${Said} text=${each.message} /></li>`)}</ul>`}
    ${error.code && html`<p class="fine">${error.code}${error.requestId && html` · request <code>${error.requestId}</code>`}</p>`}
  </div>`;

/** While the first answer is on its way. */
export const Loading = () => html`<div class="loading" aria-busy="true"><span class="hidden">Loading</span></div>`;

/** Says that the last reading was refused, and how old is what is shown instead. Nothing while readings succeed. */
export const Stale = ({ of }) => of.error && html`
  <div class="stale"><${Refused} error=${of.error} />${of.data !== undefined && of.at && html`<p class="fine">What follows is from <${Ago} at=${new Date(of.at).toISOString()} suffix=" ago" />.</p>`}</div>`;

/** Shows what was read, and why it could not be read again. */
export function Read({ of, children }) {
  if (of.data === undefined)
    return of.error ? html`<${Refused} error=${of.error} />` : html`<${Loading} />`;
  return html`<${Stale} of=${of} />${children(of.data)}`;
}

/** Where a list ended before its end. */
export const Cut = ({ of }) => of.isCut && html`<p class="fine above">The first ${count(of.length)} of more.</p>`;

/** One number that matters, and what it says. */
export const Figure = ({ label, value, note, tone: name }) => html`
  <div class="figure ${name ?? ''}"><dt>${label}</dt><dd>${value}${note && html`<small>${note}</small>`}</dd></div>`;
