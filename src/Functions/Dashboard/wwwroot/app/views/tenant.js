import { at, call } from '../data/api.js';
import { paths } from '../data/features.js';
import { useReading } from '../data/polling.js';
import { isOperator, may } from '../data/session.js';
import { useStore } from '../data/store.js';
import { html, useRef, useState } from '../html.js';
import { Action, pauseTenant, resumeTenant } from '../parts/actions.js';
import { Ago, Bar, Countdown, Read, Said, Status } from '../parts/basics.js';
import { Later } from '../parts/later.js';
import { link } from '../route.js';
import { count, counted } from '../text.js';
import { RunsView } from './runs.js';

const SELDOM_MS = 15_000;
const OFTEN_MS = 2000;

/** The parts of a tenant: their permission, the call that they rest on, and their view. */
export const PARTS = {
  'dead-letters': ['Dead letters', 'deadletter:read', '/tenants/{tenantId}/dead-letters', () => import('./dead-letters.js')],
  resources: ['Resources', 'settings:read', '/tenants/{tenantId}/resources', () => import('./resources.js')],
  agents: ['Agents', 'agent:read', '/agents', () => import('./agents.js')],
  schedules: ['Schedules', 'settings:read', '/tenants/{tenantId}/schedules', () => import('./schedules.js')],
  usage: ['Usage', 'tenant:read', '/tenants/{tenantId}/usage', () => import('./usage.js')],
  members: ['Members', 'member:read', '/tenants/{tenantId}/members', () => import('./members.js')],
  audit: ['Audit', 'audit:read', '/tenants/{tenantId}/audit', () => import('./audit.js')],
};

/** One tenant: its runs, and what belongs to it. */
export function TenantView({ tenantId, rest }) {
  const [part, id] = rest;
  const known = useStore(paths);
  const [live, setLive] = useState({ tenant: null, isLive: false });
  const read = useReading(`tenant ${tenantId}`, () => call(at('tenants', tenantId)), live.isLive ? SELDOM_MS : OFTEN_MS);
  const fresh = useRef(null);
  if (live.tenant !== fresh.current?.live)
    fresh.current = { live: live.tenant, shown: live.tenant };
  else if (read.data && read.data !== fresh.current?.read)
    fresh.current = { live: live.tenant, read: read.data, shown: read.data };
  // One that is gone, or not theirs, is not shown as it was.
  const tenant = read.error?.isGone ? undefined : fresh.current?.shown ?? read.data;

  if (part === 'runs' && id)
    return html`<${Later} key=${id} load=${() => import('./run.js')} tenantId=${tenantId} runId=${id} taskName=${rest[2]} />`;
  const shown = Object.entries(PARTS).filter(([key, [, permission, path]]) => may(permission, tenantId) && (key === part || known.has(path)));
  return html`
    <${Read} of=${{ ...read, data: tenant }}>${(view) => html`<${Head} tenant=${view} refresh=${read.refresh} />`}<//>
    ${(tenant || !read.error) && html`
      <nav class="tabs" aria-label="Of this tenant">
        <a href=${link('tenants', tenantId)} aria-current=${part ? undefined : 'page'}>Runs</a>
        ${shown.map(([key, [title]]) => html`<a key=${key} href=${link('tenants', tenantId, key)} aria-current=${part === key ? 'page' : undefined}>${title}</a>`)}
      </nav>
      ${part && PARTS[part]
        ? html`<${Later} key=${part} load=${PARTS[part][3]} tenantId=${tenantId} />`
        : html`<${RunsView} tenantId=${tenantId} onTenant=${(view, isLive) => setLive((before) => (before.tenant === (view ?? before.tenant) && before.isLive === isLive ? before : { tenant: view ?? before.tenant, isLive }))} />`}`}`;
}

function Head({ tenant, refresh }) {
  document.title = `${tenant.id} · Headgate`;
  const { limits, pause } = tenant;
  return html`
    <header class="page">
      <div class="title">
        ${isOperator() && html`<a class="up" href=${link('tenants')}>Tenants</a>`}
        <h1><${Said} text=${tenant.name} /> <${Status} of=${tenant.status} /></h1>
        <p class="under">${tenant.id} · ${tenant.plan} · ${count(tenant.runsThisMonth)} of ${count(limits.maxMonthlyRuns)} runs this month</p>
      </div>
      <div class="gauge"><span>In flight</span><${Bar} value=${tenant.inFlight} of=${limits.maxConcurrentRuns} label="Runs in flight" />
        ${tenant.waitingRuns > 0 && html`<span class="under">${counted(tenant.waitingRuns, 'run')} wait for a slot</span>`}</div>
      <div class="actions">
        ${tenant.status === 'paused' && html`<${Action} permission="settings:update" tenant=${tenant.id} class="main" onClick=${() => resumeTenant(tenant, refresh)}>Resume<//>`}
        ${tenant.status === 'active' && html`<${Action} permission="settings:update" tenant=${tenant.id} onClick=${() => pauseTenant(tenant, refresh)}>Pause<//>`}
      </div>
      ${pause && html`<p class="told held"><strong>Paused</strong> by <${Said} text=${pause.actor} /> <${Ago} at=${pause.at} suffix=" ago" />${pause.until && html`, ends <${Countdown} at=${pause.until} />`}${pause.reason && html`: <${Said} text=${pause.reason} />`}</p>`}
    </header>`;
}
