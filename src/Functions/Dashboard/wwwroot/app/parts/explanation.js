import { call } from '../data/api.js';
import { useReading } from '../data/polling.js';
import { html, useEffect } from '../html.js';
import { Ago, Countdown, Said, Status } from './basics.js';

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
  if (causes.length === 0 && !view?.place)
    return null;
  return html`
    <section class="card" aria-label=${title}>
      <h2>${title}</h2>
      <ul class="causes">${causes.map((cause) => html`<${Cause} key=${cause.code + cause.message} cause=${cause} />`)}</ul>
      ${(view.place || view.estimatedStartAt) && html`<p class="place">
        ${view.place && html`Number <strong>${view.place}</strong> in line${view.ahead > 0 ? `, ${view.ahead} before it` : ''}. `}
        ${view.estimatedStartAt && html`Starts <${Countdown} at=${view.estimatedStartAt} />, as far as can be foreseen. `}
        ${view.estimateBasis && html`<span class="under"><${Said} text=${view.estimateBasis} /></span>`}</p>`}
    </section>`;
}

const Cause = ({ cause }) => html`
  <li>
    <span><${Status} of=${cause.code} /> <${Said} text=${cause.message} />${cause.since && html` <span class="under">for <${Ago} at=${cause.since} /></span>`}</span>
    ${cause.cures.length > 0 && html`<ul class="cures">${cause.cures.map((cure) => html`<li><${Said} text=${cure} /></li>`)}</ul>`}
  </li>`;
