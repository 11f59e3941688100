import { Refusal, at, call, withQuery } from '../data/api.js';
import { online } from '../data/connection.js';
import { useReading } from '../data/polling.js';
import { useStream } from '../data/stream.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { Ago, Empty, Loading, Refused, Said, Status, Took } from '../parts/basics.js';
import { VirtualTable } from '../parts/rows.js';
import { link } from '../route.js';
import { count, short } from '../text.js';

const PAGE = 100;
const ROW = 44;
const POLL_MS = 2000;
const STATUSES = ['queued', 'pending', 'running', 'completed', 'failed', 'cancelled'];

const COLUMNS = [
  { title: 'Run' }, { title: 'Status' }, { title: 'Priority', class: 'wide' }, { title: 'Created', class: 'number wide' }, { title: 'Took', class: 'number' },
];

/** A tenant's runs, newest first, as they come and change. */
export function RunsView({ tenantId, onTenant }) {
  const [status, setStatus] = useState('');
  const [filter, setFilter] = useState('');
  const list = useRunList(tenantId, status);
  const stream = useStream(at('tenants', tenantId, 'events'), (events) => {
    list.merge(events.filter((event) => event.kind === 'run').map((event) => event.view));
    const tenant = events.findLast((event) => event.kind === 'tenant')?.view;
    if (tenant)
      onTenant(tenant, true);
  });
  useEffect(() => onTenant(null, stream === 'live'), [stream]);
  // Where no events come, the newest page is asked for.
  useReading(stream === 'polling' ? `newest ${tenantId} ${status}` : null, () => list.again(), POLL_MS);

  const wanted = filter.trim().toLowerCase();
  const rows = wanted ? list.runs.filter((run) => run.name.toLowerCase().includes(wanted) || run.runId.startsWith(wanted)) : list.runs;
  return html`
    <div class="tools">
      <label class="search"><span class="hidden">Find a run by name or id</span><input type="search" placeholder="Find by name or id   /" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></label>
      <label class="choice"><span class="hidden">Status</span><select value=${status} onChange=${(event) => setStatus(event.target.value)}>
        <option value="">any status</option>${STATUSES.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>
      <span class="fine">${count(rows.length)}${list.isComplete ? '' : '+'} ${stream === 'live' ? html`<span class="live">live</span>` : stream === 'polling' ? 'every 2 s' : ''}</span>
    </div>
    ${list.error && html`<${Refused} error=${list.error} />`}
    ${rows.length > 0
      ? html`<${VirtualTable} label="Runs" columns=${COLUMNS} rows=${rows} height=${ROW} keyOf=${(run) => run.runId} onNearEnd=${list.more} row=${(run) => html`<${Row} run=${run} />`} />`
      : list.isComplete ? html`<${None} tenantId=${tenantId} isFiltered=${Boolean(status || wanted)} />` : !list.error && html`<${Loading} />`}`;
}

function Row({ run }) {
  return html`
    <th scope="row"><a href=${link('tenants', run.tenantId, 'runs', run.runId)}><${Said} text=${run.name} /></a> <span class="under">${short(run.runId)}${run.failure && html` · <${Said} text=${run.failure.message} />`}</span></th>
    <td><${Status} of=${run.status} />${run.position && html` <span class="under">no. ${run.position}</span>`}</td>
    <td class="wide">${run.priority === 'normal' ? html`<span class="none">normal</span>` : run.priority}</td>
    <td class="number wide"><${Ago} at=${run.createdAt} suffix=" ago" /></td>
    <td class="number">${run.startedAt ? html`<${Took} from=${run.startedAt} to=${run.finishedAt} />` : html`<span class="none">–</span>`}</td>`;
}

const None = ({ tenantId, isFiltered }) => isFiltered
  ? html`<${Empty} title="No run is like that." />`
  : html`<${Empty} title="No run yet." command=${`curl -H "Authorization: Bearer $KEY" ${location.origin}/tenants/${tenantId}/runs \\
  -d '{"name": "hello", "tasks": [{"name": "look", "type": "command", "payload": {"argv": ["/usr/bin/env"]}}]}'`}>Submit one with a developer’s key, and it appears here:<//>`;

/** Runs by id, newest first; pages are added at the end as they are asked for. */
function useRunList(tenantId, status) {
  const [, redraw] = useState({});
  const list = useRef(null);
  if (list.current?.name !== `${tenantId} ${status}`)
    list.current = { name: `${tenantId} ${status}`, byId: new Map(), runs: [], next: undefined, isBusy: false, isComplete: false, error: null };
  const state = list.current;

  function order() {
    const runs = [...state.byId.values()];
    state.runs = (status ? runs.filter((run) => run.status === status) : runs).sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.runId < b.runId ? -1 : 1));
    redraw({});
  }

  async function read(after) {
    const page = await call(withQuery(at('tenants', tenantId, 'runs'), { status, limit: PAGE, after }));
    page.items.forEach((run) => state.byId.set(run.runId, run));
    return page;
  }

  async function more() {
    if (state.isBusy || state.isComplete)
      return;
    state.isBusy = true;
    try {
      const page = await read(state.next);
      state.next = page.next;
      state.isComplete = !page.next;
      state.error = null;
    } catch (failure) {
      if (failure instanceof Refusal)
        state.error = failure;
      else
        online().then(more);
    }
    state.isBusy = false;
    if (list.current === state)
      order();
  }

  useEffect(() => {
    more();
  }, [state.name]);

  return {
    ...state,
    more,
    again: async () => (await read(null), order()),
    merge(views) {
      // What is older than all that is listed comes with its page.
      const oldest = state.isComplete ? '' : state.runs.at(-1)?.createdAt ?? '';
      const fresh = views.filter((run) => state.byId.has(run.runId) || run.createdAt >= oldest);
      fresh.forEach((run) => state.byId.set(run.runId, { ...state.byId.get(run.runId), ...run }));
      if (fresh.length > 0)
        order();
    },
  };
}
