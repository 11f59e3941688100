import { all, at, call, newIdempotencyKey } from '../data/api.js';
import { useReading } from '../data/polling.js';
import { html } from '../html.js';
import { Action } from '../parts/actions.js';
import { Ago, Countdown, Cut, Empty, Read, Said, Status } from '../parts/basics.js';
import { ask } from '../parts/dialog.js';
import { link } from '../route.js';
import { duration, visible, words } from '../text.js';

const EVERY_MS = 5000;

/** Runs that are submitted by themselves. */
export default function SchedulesView({ tenantId }) {
  const read = useReading(`schedules ${tenantId}`, () => all(at('tenants', tenantId, 'schedules')), EVERY_MS);
  return html`<${Read} of=${read}>${(list) => list.length === 0
    ? html`<${Empty} title="No schedule yet." command=${`curl -X PUT -H "Authorization: Bearer $KEY" ${location.origin}/tenants/${tenantId}/schedules/nightly \\
  -d '{"cron": "0 2 * * *", "run": {"name": "nightly", "tasks": [{"name": "look", "type": "command", "payload": {"argv": ["/usr/bin/env"]}}]}}'`}>A schedule submits the same run again and again, through the same gate:<//>`
    : html`
      <table class="rows stacked" aria-label="Schedules">
        <thead><tr><th scope="col">Schedule</th><th scope="col">When</th><th scope="col">Next</th><th scope="col">Last</th><th scope="col">If the last still runs</th><th scope="col"><span class="hidden">Actions</span></th></tr></thead>
        <tbody>${list.map((schedule) => html`<${Row} key=${schedule.name} schedule=${schedule} tenantId=${tenantId} refresh=${read.refresh} />`)}</tbody>
      </table><${Cut} of=${list} />`}<//>`;
}

function Row({ schedule, tenantId, refresh }) {
  const { name, cron, everySeconds, timeZone, overlap, enabled, nextFireAt, lastFire } = schedule;
  return html`
    <tr>
      <th scope="row"><${Said} text=${name} />${!enabled && html` <${Status} of="off" />`}</th>
      <td data-label="When">${cron ? html`<code>${cron}</code> <span class="under">${timeZone}</span>` : `every ${duration(everySeconds)}`}</td>
      <td data-label="Next"><${Countdown} at=${nextFireAt} /></td>
      <td data-label="Last">${lastFire ? html`<span><${Status} of=${lastFire.outcome} /> <span class="under"><${Ago} at=${lastFire.at} suffix=" ago" />${lastFire.code && ` · ${lastFire.code}`}</span>${lastFire.runId && html` <a href=${link('tenants', tenantId, 'runs', lastFire.runId)}>run</a>`}</span>` : html`<span class="none">never</span>`}</td>
      <td data-label="Overlap">${words(overlap)}</td>
      <td class="actions"><${Action} permission="run:create" tenant=${tenantId} onClick=${() => trigger(tenantId, name, refresh)}>Run now<//></td>
    </tr>`;
}

function trigger(tenantId, name, refresh) {
  const idempotencyKey = newIdempotencyKey();
  ask({
    title: `Run ${visible(name)} now?`,
    effects: ['Its run is submitted at once, through the gate as any other.', 'When it is next due does not change.'],
    action: 'Run now',
    run: () => call(at('tenants', tenantId, 'schedules', name, 'trigger'), { method: 'POST', idempotencyKey }),
    done: (answer) => (refresh(), `Run ${answer.runId} is ${answer.status}.`),
  });
}
