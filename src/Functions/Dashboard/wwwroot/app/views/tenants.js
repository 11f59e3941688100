import { all } from '../data/api.js';
import { useQueues } from '../data/history.js';
import { holdOf, lookInto } from '../data/holds.js';
import { useCall, useReading } from '../data/polling.js';
import { refusedToday } from '../data/refusals.js';
import { html, useEffect, useMemo, useState } from '../html.js';
import { Action, pauseTenant, releaseResource, resumeTenant } from '../parts/actions.js';
import { Ago, Bar, Cut, Empty, Figure, Read, Said, Stale, Status } from '../parts/basics.js';
import { link } from '../route.js';
import { age, count, counted } from '../text.js';

const EVERY_MS = 2000;
const LOOK_MS = 5000;
const REFUSED_MS = 10_000;
/** A long list is read less often, and not drawn whole. */
const MANY = 100;
const MANY_EVERY_MS = 10_000;
const SHOWN = 200;
/** So many tenants, those with most waiting tasks, `GET /queues` lists. */
const LISTED = 20;

/** The first page: who is waiting, what holds them, what to press. */
export function TenantsView() {
  document.title = 'Tenants · Headgate';
  const [isLong, setLong] = useState(false);
  const tenants = useReading('tenants', () => all('/tenants', 5000), isLong ? MANY_EVERY_MS : EVERY_MS);
  const length = tenants.data?.length ?? 0;
  useEffect(() => setLong(length > MANY), [length]);
  const queues = useQueues();
  const agents = useCall('/agents/summary', LOOK_MS);
  const backlog = useMemo(() => new Map((queues.data?.backlog ?? []).map((each) => [each.tenantId, each])), [queues.data]);
  const unclear = (tenants.data ?? []).filter((tenant) => backlog.has(tenant.id) && needsLook(tenant)).map((tenant) => tenant.id);
  const looked = useReading(unclear.length > 0 ? 'holds' : null, () => lookInto(unclear), LOOK_MS);
  const [filter, setFilter] = useState('');
  const rows = useMemo(() => ordered(tenants.data ?? [], backlog, filter), [tenants.data, backlog, filter]);
  const refused = useReading(rows.length > 0 ? 'refusals of today' : null, () => refusedToday(rows.map((tenant) => tenant.id)), REFUSED_MS);

  function refresh() {
    tenants.refresh();
    queues.refresh();
    looked.refresh();
  }

  return html`
    <header class="page"><h1>Tenants</h1></header>
    <${Stale} of=${queues} /><${Stale} of=${agents} />
    <${Summary} tenants=${tenants.data} queues=${queues.data} agents=${agents.data} />
    <${Read} of=${tenants}>${(list) => list.length === 0
      ? html`<${Empty} title="No tenant yet." command=${FIRST_TENANT}>A tenant owns runs and the limits they are admitted within. Make one:<//>`
      : html`
        <div class="tools"><label class="search"><span class="hidden">Find a tenant</span><input type="search" placeholder="Find a tenant   /" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></label></div>
        <${Table} rows=${rows} refused=${refused.data ?? {}} backlog=${backlog} looked=${looked.data ?? {}} refresh=${refresh} /><${Cut} of=${list} />`}<//>`;
}

const FIRST_TENANT = `curl -H "Authorization: Bearer $(cat headgate-data/operator.key)" ${location.origin}/tenants \\
  -d '{"id": "acme", "name": "Acme", "plan": "pro"}'`;

const needsLook = (tenant) => !['paused', 'suspended', 'deactivated', 'month', 'cap'].includes(holdOf(tenant)?.code);

function Summary({ tenants, queues, agents }) {
  if (!tenants || !queues || !agents)
    return html`<dl class="figures"></dl>`;
  const inFlight = tenants.reduce((sum, tenant) => sum + tenant.inFlight, 0);
  const queued = tenants.reduce((sum, tenant) => sum + tenant.waitingRuns, 0);
  const { depth, oldestAgeSeconds } = queues.tasks;
  const { online, late, total } = agents.agents;
  return html`
    <dl class="figures">
      <${Figure} label="Runs in flight" value=${count(inFlight)} note=${queued > 0 && `${counted(queued, 'run')} wait for a slot`} />
      <${Figure} label="Tasks waiting" value=${count(depth)} note=${depth > 0 && `oldest ${age(oldestAgeSeconds)}`} tone=${depth > 0 ? 'wait' : ''} />
      <${Figure} label="Tasks in backoff" value=${count(agents.inBackoff)} />
      <${Figure} label="Free slots" value=${count(agents.slots.available)} note="of ${count(agents.slots.total)}" tone=${depth > 0 && agents.slots.available === 0 ? 'bad' : ''} />
      <${Figure} label="Agents online" value=${count(online + late)} note="of ${count(total)}" tone=${total > 0 && online + late === 0 ? 'bad' : ''} />
    </dl>`;
}

/** Those first whose work waits, then those with most in flight. */
function ordered(tenants, backlog, filter) {
  const wanted = filter.trim().toLowerCase();
  const waits = (tenant) => tenant.waitingRuns + (backlog.get(tenant.id)?.depth ?? 0);
  const weight = (tenant) => (waits(tenant) > 0 ? 2 : 0) + (tenant.status === 'active' ? 0 : 1);
  return tenants
    .filter((tenant) => !tenant.deletedAt && (!wanted || tenant.id.includes(wanted) || tenant.name.toLowerCase().includes(wanted)))
    .sort((a, b) => weight(b) - weight(a) || waits(b) - waits(a) || b.inFlight - a.inFlight || (a.id < b.id ? -1 : 1));
}

function Table({ rows, refused, backlog, looked, refresh }) {
  if (rows.length === 0)
    return html`<${Empty} title="No tenant is called so." />`;
  return html`
    <table class="rows stacked">
      <thead><tr><th scope="col">Tenant</th><th scope="col">In flight</th><th scope="col">Waiting</th><th scope="col">What holds them back</th><th scope="col" class="number">This month</th><th scope="col"><span class="hidden">Actions</span></th></tr></thead>
      <tbody>${rows.slice(0, SHOWN).map((tenant) => html`<${Row} key=${tenant.id} tenant=${tenant} waiting=${backlog.get(tenant.id)} isListWhole=${backlog.size < LISTED} looked=${looked[tenant.id]} refused=${refused[tenant.id]} refresh=${refresh} />`)}</tbody>
    </table>
    ${rows.length > SHOWN && html`<p class="fine above">${count(rows.length - SHOWN)} more, which wait for nothing or less. Search finds them.</p>`}`;
}

/** @param {any} props `waiting`: null where the tenant is not among those with most; `looked`: undefined where it was not looked into */
function Row({ tenant, waiting, isListWhole, looked, refused, refresh }) {
  const own = holdOf(tenant);
  const hold = waiting && looked && needsLook(tenant) ? looked : own;
  const isKnown = waiting ? looked !== undefined || !needsLook(tenant) : isListWhole;
  const { maxConcurrentRuns, maxMonthlyRuns, maxWaitingRuns } = tenant.limits;
  return html`
    <tr>
      <th scope="row"><a href=${link('tenants', tenant.id)}><${Said} text=${tenant.name} /></a> <span class="under">${tenant.id} · ${tenant.plan}</span></th>
      <td data-label="In flight"><${Bar} value=${tenant.inFlight} of=${maxConcurrentRuns} label="Runs in flight of ${tenant.id}" /></td>
      <td data-label="Waiting">
        ${waiting && html`<span>${counted(waiting.depth, 'task')} <span class="under">oldest ${age(waiting.oldestAgeSeconds)}</span></span>`}
        ${tenant.waitingRuns > 0 && html`<span>${counted(tenant.waitingRuns, 'run')} <span class="under">of ${maxWaitingRuns} that may queue</span></span>`}
        ${!waiting && !isListWhole && html`<span class="under">tasks: not among the ${LISTED} longest</span>`}
        ${!waiting && isListWhole && !tenant.waitingRuns && html`<span class="none">–</span>`}
      </td>
      <td data-label="Held by">${hold ? html`<${HoldText} hold=${hold} tenantId=${tenant.id} />` : html`<span class="none">${isKnown ? 'nothing' : 'not looked into'}</span>`} ${refused && html`<${Refused} of=${refused} />`}</td>
      <td data-label="This month" class="number">${count(tenant.runsThisMonth)}<span class="of"> / ${count(maxMonthlyRuns)}</span></td>
      <td class="actions">
        ${hold?.resource && html`<${Action} permission="settings:update" tenant=${tenant.id} onClick=${() => releaseResource(tenant.id, hold.resource, refresh)}>Release<//>`}
        ${tenant.status === 'paused' && html`<${Action} permission="settings:update" tenant=${tenant.id} onClick=${() => resumeTenant(tenant, refresh)}>Resume<//>`}
        ${tenant.status === 'active' && html`<${Action} permission="settings:update" tenant=${tenant.id} class="quiet" onClick=${() => pauseTenant(tenant, refresh)}>Pause<//>`}
      </td>
    </tr>`;
}

const Refused = ({ of }) => (of.refused > 0 || of.shadow > 0) && html`
  <span class="under">${[of.refused > 0 && `${counted(of.refused, 'run')} refused today`, of.shadow > 0 && `${count(of.shadow)} would be by shadow limits`].filter(Boolean).join(', ')}</span>`;

function HoldText({ hold, tenantId }) {
  return html`
    <span class="hold"><${Status} of=${hold.code} />
      <span class="why"><${Said} text=${hold.message} />${hold.since && html` <span class="under">for <${Ago} at=${hold.since} /></span>`}
      ${hold.runId && html` <a href=${link('tenants', tenantId, 'runs', hold.runId)}>look at a run</a>`}</span></span>`;
}
