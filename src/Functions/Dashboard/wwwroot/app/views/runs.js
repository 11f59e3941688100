import { Away, Refusal, at, call, withQuery } from '../data/api.js';
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
const RUN_ID = /^[0-9a-f]{28}$/;
const ONE_RUN_MS = 5000;
/** Pages that one press looks through for what is searched. */
const FURTHER = 10;
/** Runs that come while the list is open; after so many it starts anew, so that it does not grow for good. */
const MOST_TOLD = 5000;
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
  const matches = (run) => run.name.toLowerCase().includes(wanted) || run.runId.startsWith(wanted);
  const listed = wanted ? list.runs.filter(matches) : list.runs;
  const path = RUN_ID.test(wanted) && listed.length === 0 ? at('tenants', tenantId, 'runs', wanted) : null;
  const named = useReading(path && `run of ${path}`, () => call(path), ONE_RUN_MS);
  const rows = path && named.data ? [named.data] : listed;
  return html`
    <div class="tools">
      <label class="search"><span class="hidden">Find a run by name or id</span><input type="search" placeholder="Find by name or id   /" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></label>
      <label class="choice"><span class="hidden">Status</span><select value=${status} onChange=${(event) => setStatus(event.target.value)}>
        <option value="">any status</option>${STATUSES.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>
      <span class="fine">${count(rows.length)}${list.isComplete ? '' : '+'} ${stream === 'live' ? html`<span class="live">live</span>` : stream === 'polling' ? 'every 2 s' : ''}</span>
    </div>
    ${list.error && html`<${Refused} error=${list.error} />`}
    ${rows.length > 0
      ? html`<${VirtualTable} label="Runs" columns=${COLUMNS} rows=${rows} height=${ROW} keyOf=${(run) => run.runId} onNearEnd=${wanted ? undefined : list.more} pages=${list.pages} row=${(run) => html`<${Row} run=${run} />`} />`
      : list.isComplete ? html`<${None} tenantId=${tenantId} isFiltered=${Boolean(status || wanted)} />` : list.isBusy && html`<${Loading} />`}
    ${!list.isComplete && !list.isBusy && (wanted || rows.length === 0 || list.error) && !(path && named.data) && html`
      <p class="buttons above"><span class="fine">${rows.length > 0 ? count(rows.length) : 'None'} among the ${status ? 'newest' : `${count(list.runs.length)} newest`}.</span>
        <button type="button" onClick=${() => list.further(wanted ? matches : () => true)}>Look further</button></p>`}`;
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
    list.current = { name: `${tenantId} ${status}`, byId: new Map(), runs: [], next: undefined, pages: 0, told: 0, isBusy: true, isComplete: false, error: null };
  const state = list.current;

  function order() {
    const runs = [...state.byId.values()];
    state.runs = (status ? runs.filter((run) => run.status === status) : runs).sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : a.runId < b.runId ? -1 : 1));
    redraw({});
  }

  const page = (query) => call(withQuery(at('tenants', tenantId, 'runs'), { ...query, limit: PAGE }));

  const isShown = () => list.current === state;

  /** Reads up to so many pages, and no more once `isEnough`. */
  async function pages(most, isEnough) {
    state.isBusy = true;
    redraw({});
    try {
      do {
        const { items, next } = await page({ status, after: state.next });
        items.forEach((run) => state.byId.set(run.runId, run));
        state.next = next;
        state.pages += 1;
        state.isComplete = !next;
        state.error = null;
      } while (--most > 0 && !state.isComplete && isShown() && !isEnough());
      state.isBusy = false;
    } catch (failure) {
      if (failure instanceof Away) {
        // It stays busy until then.
        online().then(() => isShown() && pages(most, isEnough));
        return;
      }
      state.isBusy = false;
      if (!(failure instanceof Refusal))
        throw failure;
      state.error = failure;
    }
    if (isShown())
      order();
  }

  const more = () => state.isBusy || state.isComplete || pages(1, () => true);

  useEffect(() => {
    pages(1, () => true);
    return () => {
      if (isShown())
        list.current = null;
    };
  }, [state.name]);

  function merge(views) {
    // What is older than all that is listed comes with its page.
    const oldest = state.isComplete ? '' : state.runs.at(-1)?.createdAt ?? '';
    const fresh = views.filter((run) => state.byId.has(run.runId) || run.createdAt >= oldest);
    state.told += fresh.filter((run) => !state.byId.has(run.runId)).length;
    fresh.forEach((run) => state.byId.set(run.runId, { ...state.byId.get(run.runId), ...run }));
    if (state.told > MOST_TOLD && !state.isBusy) {
      Object.assign(state, { byId: new Map(), next: undefined, told: 0, isComplete: false });
      pages(1, () => true);
    } else if (fresh.length > 0) {
      order();
    }
  }

  return {
    ...state,
    more,
    merge,
    /** @param {(run: any) => boolean} isWanted ends it */
    further(isWanted) {
      const found = () => [...state.byId.values()].filter(isWanted).length;
      const before = found();
      if (!state.isBusy && !state.isComplete)
        pages(FURTHER, () => found() > before);
    },
    /** Whatever their status: a run that has left the chosen one has to leave the list. */
    again: async () => merge((await page({})).items),
  };
}
