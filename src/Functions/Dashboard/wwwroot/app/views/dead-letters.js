import { at, call, withQuery } from '../data/api.js';
import { useReading } from '../data/polling.js';
import { html, useState } from '../html.js';
import { Action } from '../parts/actions.js';
import { Ago, Empty, Id, Loading, Refused, Said, Stale, Status } from '../parts/basics.js';
import { ask } from '../parts/dialog.js';
import { More, usePages } from '../parts/pages.js';
import { link } from '../route.js';
import { count, counted } from '../text.js';

const CATEGORIES = ['network', 'resource', 'auth', 'timeout', 'permanent', 'lost-agent', 'unknown'];
const PROGRESS_MS = 2000;

/** Tasks that failed for good, to be tried again one by one or many at once. */
export default function DeadLettersView({ tenantId }) {
  const [category, setCategory] = useState('');
  const [type, setType] = useState('');
  const [replayId, setReplayId] = useState(null);
  const pages = usePages(withQuery(at('tenants', tenantId, 'dead-letters'), { category, type }));
  return html`
    <div class="tools">
      <label class="choice"><span class="hidden">Kind of failure</span><select value=${category} onChange=${(event) => setCategory(event.target.value)}><option value="">any failure</option>${CATEGORIES.map((each) => html`<option value=${each}>${each}</option>`)}</select></label>
      <label class="search"><span class="hidden">Task type</span><input type="search" placeholder="Task type   /" value=${type} onChange=${(event) => setType(event.target.value.trim())} /></label>
      <${Action} permission="deadletter:replay" tenant=${tenantId} onClick=${() => replayMany(tenantId, { category, type }, (answer) => (setReplayId(answer.replayId), pages.refresh()))}>Replay many…<//>
    </div>
    ${replayId && html`<${Progress} key=${replayId} tenantId=${tenantId} replayId=${replayId} />`}
    ${pages.error && html`<${Refused} error=${pages.error} />`}
    ${pages.isLoading ? html`<${Loading} />` : pages.items.length === 0 && !pages.error
      ? html`<${Empty} title=${category || type ? 'No dead letter is like that.' : 'No dead letters.'}>A task that fails for good, or whose retries are used up, is kept here until it is replayed or dismissed.<//>`
      : html`
        <table class="rows stacked" aria-label="Dead letters">
          <thead><tr><th scope="col">Task type</th><th scope="col">Failure</th><th scope="col">Message</th><th scope="col" class="number">Attempts</th><th scope="col" class="number">Ended</th><th scope="col">Run</th><th scope="col"><span class="hidden">Actions</span></th></tr></thead>
          <tbody>${pages.items.map((letter) => html`<${Row} key=${letter.id} letter=${letter} tenantId=${tenantId} refresh=${pages.refresh} />`)}</tbody>
        </table><${More} pages=${pages} />`}`;
}

const Row = ({ letter, tenantId, refresh }) => html`
  <tr>
    <th scope="row">${letter.type}</th>
    <td data-label="Failure"><span class="status bad">${letter.errorCategory ?? 'unknown'}</span></td>
    <td data-label="Message">${letter.errorMessage ? html`<${Said} text=${letter.errorMessage} />` : html`<span class="none">–</span>`}</td>
    <td data-label="Attempts" class="number">${letter.attempts}</td>
    <td data-label="Ended" class="number"><${Ago} at=${letter.at} suffix=" ago" /></td>
    <td data-label="Run"><a href=${link('tenants', tenantId, 'runs', letter.runId)}><${Id} of=${letter.runId} /></a></td>
    <td class="actions"><${Action} permission="deadletter:replay" tenant=${tenantId} onClick=${() => replayOne(tenantId, letter, refresh)}>Replay<//>
      <${Action} permission="deadletter:replay" tenant=${tenantId} class="quiet" onClick=${() => dismiss(tenantId, letter, refresh)}>Dismiss<//></td>
  </tr>`;

const replayOne = (tenantId, letter, refresh) => ask({
  title: `Replay this ${letter.type} task?`,
  effects: ['A new run is submitted. Tasks that completed keep their outcome; the failed one and those after it run again.', 'It passes the gate as any run: at the cap it is refused.'],
  action: 'Replay',
  run: () => call(at('tenants', tenantId, 'dead-letters', letter.id, 'replay'), { method: 'POST' }),
  done: (answer) => (refresh(), `Run ${answer.runId} is ${answer.status}.`),
});

const dismiss = (tenantId, letter, refresh) => ask({
  title: 'Dismiss this dead letter?',
  effects: ['It leaves the list and can’t be replayed.', 'Its run and attempts stay.'],
  action: 'Dismiss',
  isGrave: true,
  run: () => call(at('tenants', tenantId, 'dead-letters', letter.id), { method: 'DELETE' }),
  done: () => (refresh(), 'Dismissed.'),
});

function bodyOf(filter, values, isDry) {
  return {
    ...(filter.category ? { category: filter.category } : {}),
    ...(filter.type ? { type: filter.type } : {}),
    limit: Number(values.limit),
    from: values.from,
    ratePerSecond: Number(values.ratePerSecond),
    dryRun: isDry,
  };
}

function replayMany(tenantId, filter, started) {
  const path = at('tenants', tenantId, 'dead-letters', 'replay');
  const chosen = [filter.category && `failure ${filter.category}`, filter.type && `type ${filter.type}`].filter(Boolean).join(', ');
  ask({
    title: 'Replay many dead letters?',
    effects: [`Those that match: ${chosen || 'all of them'}.`, 'Each becomes a new run. None goes over a cap: what the gate refuses waits and is tried again.'],
    fields: [
      { name: 'from', label: 'From', kind: 'select', value: 'failed-task', options: [['failed-task', 'the failed task: finished ones keep their outcome'], ['start', 'the start: all tasks run again']] },
      { name: 'limit', label: 'At most', kind: 'number', value: '100', isRequired: true, attributes: { min: 1, max: 1000 } },
      { name: 'ratePerSecond', label: 'Runs a second', kind: 'number', value: '10', isRequired: true, attributes: { min: 0.1, max: 100, step: 'any' } },
    ],
    preview: async (values) => html`<${Preview} view=${await call(path, { method: 'POST', body: bodyOf(filter, values, true) })} />`,
    action: 'Replay them',
    run: async (values) => {
      const answer = await call(path, { method: 'POST', body: bodyOf(filter, values, false) });
      started(answer);
      return answer;
    },
    done: (answer) => `${counted(answer.matching, 'dead letter')} will be replayed.`,
  });
}

const Preview = ({ view }) => html`
  <div class="told"><strong>${counted(view.matching, 'dead letter')} match${view.matching === 1 ? 'es' : ''}.</strong>
    ${view.sample.length > 0 && html`<ul>${view.sample.slice(0, 5).map((letter) => html`<li>${letter.type}, ${letter.errorCategory ?? 'unknown'}: <${Said} text=${letter.errorMessage ?? '–'} /></li>`)}</ul>`}
  </div>`;

function Progress({ tenantId, replayId }) {
  const read = useReading(`replay ${replayId}`, () => call(at('tenants', tenantId, 'dead-letters', 'replays', replayId)), PROGRESS_MS);
  const { data } = read;
  return html`<${Stale} of=${read} />${data && html`
    <p class="told"><${Status} of=${data.state} /> Replay: ${count(data.replayed)} of ${counted(data.matching, 'letter')} in ${counted(data.runs, 'new run')}${data.skipped > 0 && `, ${count(data.skipped)} skipped`}${data.waitsFor && html`, waits for the gate (${data.waitsFor})`}.</p>`}`;
}
