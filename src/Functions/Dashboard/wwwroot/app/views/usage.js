import { at, call, withQuery } from '../data/api.js';
import { now } from '../data/clock.js';
import { useReading } from '../data/polling.js';
import { html, useState } from '../html.js';
import { Bar, Empty, Figure, Read } from '../parts/basics.js';
import { count, duration, words } from '../text.js';

const EVERY_MS = 15_000;
const MONTHS = 12;

/** What a tenant used in a month, and how often it was refused. */
export default function UsageView({ tenantId }) {
  const [month, setMonth] = useState('');
  const read = useReading(`usage ${tenantId} ${month}`, () => call(withQuery(at('tenants', tenantId, 'usage'), { month })), EVERY_MS);
  return html`
    <div class="tools"><label class="choice"><span class="hidden">Month</span><select value=${month} onChange=${(event) => setMonth(event.target.value)}>
      <option value="">this month</option>${earlier().map((each) => html`<option value=${each}>${each}</option>`)}</select></label></div>
    <${Read} of=${read}>${(view) => html`
      <dl class="figures">
        <${Figure} label="Runs accepted" value=${count(view.runs.accepted)} />
        <${Figure} label="completed · failed · cancelled" value=${`${count(view.runs.completed)} · ${count(view.runs.failed)} · ${count(view.runs.cancelled)}`} />
        <${Figure} label="Attempts" value=${count(view.attempts)} note=${`${duration(view.agentSeconds)} of agents`} />
        <${Figure} label="Most in flight at once" value=${count(view.peakInFlight)} />
        <${Figure} label="Would have been refused" value=${count(view.shadowRefusals)} note="by shadow limits" />
      </dl>
      <${Forecast} limits=${view.forecast ?? []} />
      <${Refusals} of=${view.refusals} />
      <${Days} days=${view.days} />`}<//>`;
}

/** Months before this one, the latest first, as `2026-01`. */
function earlier() {
  const today = new Date(now());
  return Array.from({ length: MONTHS }, (_, back) => new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - back - 1, 1)).toISOString().slice(0, 7));
}

const Forecast = ({ limits }) => limits.length > 0 && html`
  <h2 class="above">Limits of the month</h2>
  <table class="rows stacked"><thead><tr><th scope="col">Limit</th><th scope="col">Used</th><th scope="col">At this rate</th></tr></thead>
    <tbody>${limits.map((limit) => html`<tr key=${limit.code}><th scope="row">${words(limit.code)}</th><td data-label="Used"><${Bar} value=${limit.used} of=${limit.limit} label=${words(limit.code)} /></td>
      <td data-label="At this rate">${limit.reachedOn ? html`<span class="status wait">reached on ${limit.reachedOn}</span>` : html`<span class="none">not reached</span>`}</td></tr>`)}</tbody></table>`;

function Refusals({ of }) {
  const codes = Object.entries(of ?? {}).sort((a, b) => b[1] - a[1]);
  return codes.length > 0 && html`
    <h2 class="above">Refused</h2>
    <table class="rows"><thead><tr><th scope="col">Why</th><th scope="col" class="number">About how often</th></tr></thead>
      <tbody>${codes.map(([code, times]) => html`<tr key=${code}><th scope="row">${words(code)}</th><td class="number">${count(times)}</td></tr>`)}</tbody></table>`;
}

function Days({ days }) {
  if (!days?.length)
    return html`<${Empty} title="Nothing was used in this month." />`;
  const most = Math.max(1, ...days.map((day) => day.runs.accepted));
  return html`
    <h2 class="above">Day by day</h2>
    <table class="rows stacked"><thead><tr><th scope="col">Day</th><th scope="col">Runs</th><th scope="col" class="number">Attempts</th><th scope="col" class="number">Time of agents</th></tr></thead>
      <tbody>${[...days].reverse().map((day) => html`<tr key=${day.date}><th scope="row">${day.date}</th>
        <td data-label="Runs"><span class="bar"><span class="track"><span class="fill" style=${{ width: `${(day.runs.accepted / most) * 100}%` }}></span></span><span class="figures">${count(day.runs.accepted)}</span></span></td>
        <td data-label="Attempts" class="number">${count(day.attempts)}</td><td data-label="Agents" class="number">${duration(day.agentSeconds)}</td></tr>`)}</tbody></table>`;
}
