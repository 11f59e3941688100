import { useCall, useReading } from '../data/polling.js';
import { html, useState } from '../html.js';
import { Action, endSilence, silenceAlert } from '../parts/actions.js';
import { Ago, Countdown, Empty, Loading, Read, Said, Status } from '../parts/basics.js';
import { Markdown } from '../parts/markdown.js';
import { count, words } from '../text.js';

const EVERY_MS = 5000;
const ORDER = ['firing', 'pending', 'silenced', 'resolved', 'ok', 'not-measured'];
const RUNBOOKS = new URL('../../runbooks/', import.meta.url);

/** What is wrong, and what to do about it. */
export default function AlertsView() {
  document.title = 'Alerts · Headgate';
  const read = useCall('/alerts', EVERY_MS);
  return html`
    <header class="page"><h1>Alerts</h1>${read.data?.evaluatedAt && html`<p class="under">evaluated <${Ago} at=${read.data.evaluatedAt} suffix=" ago" /></p>`}</header>
    <${Read} of=${read}>${(view) => html`
      ${view.rules.every((rule) => rule.state !== 'firing') && html`<p class="told">Nothing fires.</p>`}
      <div class="alerts above">${[...view.rules].sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state)).map((rule) => html`<${Alert} key=${rule.id} alert=${rule} refresh=${read.refresh} />`)}</div>
      <${Receivers} list=${view.receivers} />`}<//>`;
}

function Alert({ alert, refresh }) {
  const [isOpen, setOpen] = useState(false);
  return html`
    <details class="alert" onToggle=${(event) => setOpen(event.target.open)}>
      <summary><${Status} of=${alert.state} /><span><strong>${alert.title}</strong> <span class="under">${alert.severity}${alert.since && html` · for <${Ago} at=${alert.since} />`}</span></span>
        <span class="number">${alert.value === null ? '–' : count(Math.round(alert.value * 10) / 10)} <span class="of">fires above ${count(alert.threshold)}</span></span></summary>
      <div class="runbook stack">
        ${alert.notMeasured && html`<p class="told">${alert.notMeasured}</p>`}
        ${alert.silencedUntil && html`<p class="told">Silenced by <${Said} text=${alert.silencedBy} />, ends <${Countdown} at=${alert.silencedUntil} />.</p>`}
        <div class="actions">${alert.silencedUntil
          ? html`<${Action} permission="platform:operate" onClick=${() => endSilence(alert, refresh)}>End the silence<//>`
          : alert.state !== 'not-measured' && html`<${Action} permission="platform:operate" onClick=${() => silenceAlert(alert, refresh)}>Silence<//>`}</div>
        ${isOpen && html`<${Runbook} path=${alert.runbook} description=${alert.description} />`}
      </div>
    </details>`;
}

function Runbook({ path, description }) {
  const name = path.split('/').at(-1);
  const address = new URL(name, RUNBOOKS);
  const read = useReading(`runbook ${name}`, async () => {
    const answer = await fetch(address, { credentials: 'omit' });
    return answer.ok ? answer.text() : '';
  }, 3_600_000);
  if (read.data === undefined)
    return html`<${Loading} />`;
  return read.data ? html`<${Markdown} text=${read.data} />` : html`<p>${description} <span class="under">Its runbook is <code>${path}</code>.</span></p>`;
}

function Receivers({ list }) {
  if (list.length === 0)
    return html`<${Empty} title="Nobody is told." command=${'Headgate__Notifications__chat__Url=https://…\nHeadgate__Notifications__chat__Secret=whsec_…'}>Name a webhook in the settings, and each alert is sent to it once:<//>`;
  return html`
    <h2 class="above">Who is told</h2>
    <table class="rows stacked"><thead><tr><th scope="col">Receiver</th><th scope="col">Last taken</th><th scope="col" class="number">Waiting</th><th scope="col" class="number">Given up</th><th scope="col">Problem</th></tr></thead>
      <tbody>${list.map((each) => html`<tr key=${each.name}><th scope="row"><${Said} text=${each.name} /> <span class="under">${each.host}</span></th>
        <td data-label="Last taken"><${Ago} at=${each.lastSuccessAt} suffix=" ago" /></td><td data-label="Waiting" class="number">${each.pending}</td><td data-label="Given up" class="number">${each.dropped}</td>
        <td data-label="Problem">${each.lastProblem ? html`<${Said} text=${words(each.lastProblem)} />` : html`<span class="none">–</span>`}</td></tr>`)}</tbody></table>`;
}
