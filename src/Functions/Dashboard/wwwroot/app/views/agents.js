import { all, at, withQuery } from '../data/api.js';
import { useCall, useReading } from '../data/polling.js';
import { session } from '../data/session.js';
import { html, useState } from '../html.js';
import { Action, moveAgent } from '../parts/actions.js';
import { Ago, Bar, Countdown, Empty, Figure, Id, Read, Said, Stale, Status } from '../parts/basics.js';
import { count, counted } from '../text.js';

const LIST_MS = 4000;
const DETAIL_MS = 5000;
/** So many agents are asked for their load; a filter brings up others. */
const SHOWN = 24;
/** The agents of so many tenants are listed together; those of others are on their own tenant's page. */
const TENANTS = 40;
/** Of one tenant. */
const MOST = 200;

/** Who does the work: slots by type, load, waits, and what to press. */
export default function AgentsView({ tenantId }) {
  if (!tenantId)
    document.title = 'Agents · Headgate';
  const owner = tenantId ?? session.get().me.tenantId;
  const list = useReading(`agents ${owner}`, () => (owner ? of(owner) : everybodys()), LIST_MS);
  const summary = useCall(owner ? null : '/agents/summary', LIST_MS);
  const [filter, setFilter] = useState('');
  const wanted = filter.trim().toLowerCase();
  const matches = (agent) => !wanted || [agent.name, agent.agentId, agent.tenantId ?? 'shared', ...agent.capabilities].some((text) => text.toLowerCase().includes(wanted));
  return html`
    ${!tenantId && html`<header class="page"><h1>Agents</h1></header>`}
    <${Stale} of=${summary} />
    ${summary.data && html`<${Summary} view=${summary.data} />`}
    <${Read} of=${list}>${(agents) => agents.length === 0
      ? html`<${Empty} title="No agent yet." command=${FIRST_AGENT}>An agent takes tasks of the types that its owner allows, on its own machine. On that machine:<//>`
      : html`
        <div class="tools"><label class="search"><span class="hidden">Find an agent</span><input type="search" placeholder="Find by name, tenant or type   /" value=${filter} onInput=${(event) => setFilter(event.target.value)} /></label>
          ${agents.filter(matches).length > SHOWN && html`<span class="fine">the first ${SHOWN} of ${count(agents.filter(matches).length)}</span>`}</div>
        <div class="agents">${agents.filter(matches).sort(worstFirst).slice(0, SHOWN).map((agent) => html`<${Agent} key=${agent.agentId} agent=${agent} refresh=${list.refresh} />`)}</div>
        ${agents.cut?.map((told) => html`<p key=${told} class="fine above">${told}</p>`)}`}<//>`;
}

const FIRST_AGENT = `dotnet run --project src/Agent -- register --config agent.yaml --operator-key-file operator.key
dotnet run --project src/Agent -- run --config agent.yaml`;

/** @param {string | null} tenantId null: those that serve everybody @returns {Promise<any[] & { cut: string[] }>} `cut`: what is left out */
async function of(tenantId) {
  const agents = await all(withQuery('/agents', { tenant: tenantId }), MOST);
  return Object.assign(agents, { cut: agents.isCut ? [`Of ${tenantId ? `${tenantId}’s` : 'the shared'} agents only the first ${agents.length} are here.`] : [] });
}

async function everybodys() {
  const listed = await all('/tenants', TENANTS + 1);
  const tenants = listed.filter((tenant) => !tenant.deletedAt);
  const lists = await Promise.all([null, ...tenants.slice(0, TENANTS).map((tenant) => tenant.id)].map(of));
  const more = listed.isCut || tenants.length > TENANTS ? [`Only the shared agents and those of ${TENANTS} tenants are here; those of the others are on their tenants’ pages.`] : [];
  return Object.assign(lists.flat(), { cut: [...more, ...lists.flatMap((list) => list.cut)] });
}

const RANK = { quarantined: 0, draining: 1, offline: 2, late: 3, online: 4 };
const rank = (agent) => Math.min(RANK[agent.state] ?? 9, RANK[agent.status] ?? 9);
const worstFirst = (a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1);

function Summary({ view }) {
  const { agents, slots } = view;
  return html`
    <dl class="figures">
      <${Figure} label="Online" value=${count(agents.online)} note="of ${count(agents.total)}" />
      <${Figure} label="Late or offline" value=${count(agents.late + agents.offline)} tone=${agents.late + agents.offline > 0 ? 'wait' : ''} />
      <${Figure} label="Draining, in quarantine" value=${count(agents.draining + agents.quarantined)} tone=${agents.quarantined > 0 ? 'bad' : ''} />
      <${Figure} label="Slots taken" value=${count(slots.total - slots.available)} note="of ${count(slots.total)}" />
      <${Figure} label="Tasks in backoff" value=${count(view.inBackoff)} />
    </dl>`;
}

function Agent({ agent, refresh }) {
  const path = at('agents', agent.agentId);
  const loadRead = useCall(`${path}/load`, DETAIL_MS);
  const backoffRead = useCall(`${path}/backoff-status`, DETAIL_MS);
  const [load, backoff] = [loadRead.data, backoffRead.data];
  const tenant = agent.tenantId ?? undefined;
  return html`
    <article class="card agent" aria-label=${agent.name}>
      <header>
        <h2><${Said} text=${agent.name} /></h2><${Status} of=${agent.status} />${agent.state !== 'active' && html`<${Status} of=${agent.state} />`}
        ${load?.isSaturated && html`<span class="status wait">no free slot</span>`}
        <span class="under">${agent.tenantId ?? 'shared'} · <${Said} text=${agent.os} />/<${Said} text=${agent.arch} /> · ${agent.lastSeenAt ? html`seen <${Ago} at=${agent.lastSeenAt} suffix=" ago" />` : 'never seen'} · <${Id} of=${agent.agentId} /></span>
      </header>
      ${agent.quarantine && html`<p class="told held">In quarantine for <${Ago} at=${agent.quarantine.at} />: <${Said} text=${agent.quarantine.reason} /></p>`}
      <${Stale} of=${loadRead.error ? loadRead : backoffRead} />
      ${load && html`<${Slots} load=${load} />`}
      ${load && (load.cpuPercent !== null || load.memoryPercent !== null) && html`<p class="under">${load.cpuPercent !== null && `processor ${Math.round(load.cpuPercent)} %`}${load.cpuPercent !== null && load.memoryPercent !== null && ' · '}${load.memoryPercent !== null && `memory ${Math.round(load.memoryPercent)} %`}</p>`}
      ${backoff?.tasksInBackoff > 0 && html`<${Backoff} view=${backoff} />`}
      <div class="actions">
        ${agent.drainedAt ? html`<${Action} permission="agent:update" tenant=${tenant} onClick=${() => moveAgent(agent, 'undrain', refresh)}>Undrain<//>` : html`<${Action} permission="agent:update" tenant=${tenant} onClick=${() => moveAgent(agent, 'drain', refresh)}>Drain<//>`}
        ${agent.quarantine ? html`<${Action} permission="agent:update" tenant=${tenant} class="main" onClick=${() => moveAgent(agent, 'release', refresh)}>Release<//>` : html`<${Action} permission="agent:update" tenant=${tenant} class="quiet" onClick=${() => moveAgent(agent, 'quarantine', refresh)}>Quarantine<//>`}
      </div>
    </article>`;
}

const Slots = ({ load }) => html`
  <div class="slots">
    <span>all tasks</span><${Bar} value=${load.currentTasksCount} of=${load.maxConcurrentTasks} label="Slots taken" />
    ${load.availableSlotsByType.map((slots) => html`<span class="under" key=${slots.taskType}>${slots.taskType}</span><${Bar} key=${`${slots.taskType} bar`} value=${load.runningTaskTypes.find((each) => each.taskType === slots.taskType)?.count ?? 0} of=${slots.maximum} label="Slots taken of type ${slots.taskType}" />`)}
  </div>`;

const Backoff = ({ view }) => html`
  <div><h3>${counted(view.tasksInBackoff, 'task')} in backoff</h3>
    <ul class="backoffs">${view.backoffTasks.slice(0, 4).map((task) => html`<li key=${task.taskId}><strong><${Countdown} at=${task.nextRetryAt} /></strong> <span class="under">${task.taskType} · retry ${task.retryCount} of ${task.maxRetries} · ${task.errorCategory}</span></li>`)}</ul>
    ${view.tasksInBackoff > 4 && html`<p class="under">and ${view.tasksInBackoff - 4} later</p>`}
  </div>`;
