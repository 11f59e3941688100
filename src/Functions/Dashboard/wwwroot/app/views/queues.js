import { columns, since, useQueues } from '../data/history.js';
import { html } from '../html.js';
import { Empty, Figure, Read } from '../parts/basics.js';
import { Chart } from '../parts/chart.js';
import { link } from '../route.js';
import { age, clock, count } from '../text.js';

const DEPTH = [{ label: 'runs to be started', colour: '--busy' }, { label: 'tasks for an agent', colour: '--wait' }];

/** How much waits, and for how long. */
export default function QueuesView() {
  document.title = 'Queues · Headgate';
  const read = useQueues();
  return html`
    <header class="page"><h1>Queues</h1></header>
    <${Read} of=${read}>${(view) => html`
      <dl class="figures">
        <${Figure} label="Tasks waiting for an agent" value=${count(view.tasks.depth)} note=${view.tasks.depth > 0 && `oldest ${age(view.tasks.oldestAgeSeconds)}`} />
        <${Figure} label="Runs to be started" value=${count(view.runs.depth)} note=${view.runs.depth > 0 && `oldest ${age(view.runs.oldestAgeSeconds)}`} />
        <${Figure} label="Runs that wait for their time" value=${count(view.runs.scheduled)} />
        <${Figure} label="Starts given up" value=${count(view.runs.deadLettered)} tone=${view.runs.deadLettered > 0 ? 'bad' : ''} />
      </dl>
      <div class="charts">
        <section class="card"><h2>Depth</h2><${Chart} series=${DEPTH} data=${columns((each) => [each.runs.depth, each.tasks.depth])} label="Depth over time" /></section>
        <section class="card"><h2>Age of the oldest, in seconds</h2><${Chart} series=${DEPTH} data=${columns((each) => [each.runs.oldestAgeSeconds, each.tasks.oldestAgeSeconds])} label="Age of the oldest over time" /></section>
      </div>
      <p class="fine">Since ${since() ? clock(since()) : 'now'}, when this page first looked. Metrics keep more.</p>
      <${Backlog} tenants=${view.backlog} />`}<//>`;
}

const Backlog = ({ tenants }) => html`
  <h2 class="above">Tenants whose tasks wait</h2>
  ${tenants.length === 0
    ? html`<${Empty} title="No task waits for an agent." />`
    : html`<table class="rows"><thead><tr><th scope="col">Tenant</th><th scope="col" class="number">Tasks</th><th scope="col" class="number">Oldest</th></tr></thead>
      <tbody>${tenants.map((tenant) => html`<tr key=${tenant.tenantId}><th scope="row"><a href=${link('tenants', tenant.tenantId)}>${tenant.tenantId}</a></th><td class="number">${count(tenant.depth)}</td><td class="number">${age(tenant.oldestAgeSeconds)}</td></tr>`)}</tbody></table>`}`;
