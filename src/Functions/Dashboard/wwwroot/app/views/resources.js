import { all, at } from '../data/api.js';
import { useReading } from '../data/polling.js';
import { html } from '../html.js';
import { Action, holdResource, releaseResource } from '../parts/actions.js';
import { Ago, Bar, Countdown, Cut, Empty, Read, Said, Status } from '../parts/basics.js';

const EVERY_MS = 3000;
const WORST = ['held', 'open', 'half-open', 'closed'];

/** What a tenant's tasks share, each with its circuit breaker. */
export default function ResourcesView({ tenantId }) {
  const read = useReading(`resources ${tenantId}`, () => all(at('tenants', tenantId, 'resources')), EVERY_MS);
  return html`<${Read} of=${read}>${(list) => list.length === 0
    ? html`<${Empty} title="No resource yet." command=${'"tasks": [{ "name": "backup", "type": "backup", "resources": ["main"], … }]'}>What tasks share, such as a repository, gets its own circuit breaker once a task names it:<//>`
    : html`
      <table class="rows stacked" aria-label="Resources">
        <thead><tr><th scope="col">Resource</th><th scope="col">State</th><th scope="col">Why</th><th scope="col">In use</th><th scope="col" class="number">Failures in a row</th><th scope="col"><span class="hidden">Actions</span></th></tr></thead>
        <tbody>${[...list].sort((a, b) => WORST.indexOf(a.state) - WORST.indexOf(b.state) || (a.name < b.name ? -1 : 1)).map((resource) => html`<${Row} key=${resource.name} resource=${resource} tenantId=${tenantId} refresh=${read.refresh} />`)}</tbody>
      </table><${Cut} of=${list} />`}<//>`;
}

function Row({ resource, tenantId, refresh }) {
  const { name, state, since, until, reason, heldBy, maxConcurrent, maxAtOnce, inUse, failuresInARow, failuresToOpen } = resource;
  const limit = maxAtOnce ?? maxConcurrent;
  return html`
    <tr>
      <th scope="row"><${Said} text=${name} /></th>
      <td data-label="State"><${Status} of=${state} />${state !== 'closed' && since && html` <span class="under">for <${Ago} at=${since} /></span>`}</td>
      <td data-label="Why">${reason ? html`<${Said} text=${reason} />` : html`<span class="none">–</span>`}${heldBy && html` <span class="under">by <${Said} text=${heldBy} /></span>`}${until && html` <span class="under">tried again <${Countdown} at=${until} /></span>`}</td>
      <td data-label="In use">${limit !== null ? html`<${Bar} value=${inUse ?? 0} of=${limit} label="In use: ${name}" />` : inUse ?? html`<span class="none">not counted</span>`}</td>
      <td data-label="Failures" class="number">${failuresInARow}<span class="of"> / ${failuresToOpen}</span></td>
      <td class="actions">${state === 'closed' || state === 'half-open'
        ? html`<${Action} permission="settings:update" tenant=${tenantId} class="quiet" onClick=${() => holdResource(tenantId, name, refresh)}>Hold<//>`
        : html`<${Action} permission="settings:update" tenant=${tenantId} onClick=${() => releaseResource(tenantId, name, refresh)}>Release<//>`}</td>
    </tr>`;
}
