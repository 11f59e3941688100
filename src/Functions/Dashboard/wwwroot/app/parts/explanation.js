import { call } from '../data/api.js';
import { useReading } from '../data/polling.js';
import { html, useEffect } from '../html.js';
import { Ago, Countdown, Said, Stale, Status } from './basics.js';

const EVERY_MS = 5000;
/** A run that changes often is asked after so often. */
const SETTLE_MS = 700;

/** Why something waits, and what can be done: shown only while there is something to say. */
export function Explanation({ path, changes, title }) {
  const read = useReading(path, () => call(path), EVERY_MS);
  useEffect(() => {
    const timer = setTimeout(read.refresh, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [changes]);
  const view = read.data;
  const causes = view?.causes.filter((cause) => cause.code !== 'nothing') ?? [];
  if (causes.length === 0 && !view?.place && !read.error)
    return null;
  return html`
    <section class="card" aria-label=${title}>
      <h2>${title}</h2>
      <${Stale} of=${read} />
      <ul class="causes">${causes.map((cause, index) => html`<${Cause} key=${cause.code + cause.message} cause=${cause} isFirst=${index === 0} />`)}</ul>
      ${(view?.place || view?.estimatedStartAt) && html`<p class="place">
        ${view.place && html`Number <strong>${view.place}</strong> in line${view.ahead > 0 ? `, ${view.ahead} before it` : ''}. `}
        ${view.estimatedStartAt && html`Starts <${Countdown} at=${view.estimatedStartAt} over="now" />, as far as can be foreseen. `}
        ${view.estimateBasis && html`<span class="under"><${Said} text=${view.estimateBasis} /></span>`}</p>`}
    </section>`;
}

/** What has to end first shows what helps; the others do when they are opened. */
function Cause({ cause, isFirst }) {
  const line = html`<${Status} of=${cause.code} /> <${Said} text=${cause.message} />${cause.since && html` <span class="under">for <${Ago} at=${cause.since} /></span>`}`;
  if (cause.cures.length === 0)
    return html`<li>${line}</li>`;
  return html`<li><details open=${isFirst}><summary>${line}</summary><ul class="cures">${cause.cures.map((cure) => html`<li><${Said} text=${cure} /></li>`)}</ul></details></li>`;
}
