import { at, call } from '../data/api.js';
import { useReading } from '../data/polling.js';
import { useStream } from '../data/stream.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { Action, cancelRun } from '../parts/actions.js';
import { Ago, Id, Read, Said, Status, Took } from '../parts/basics.js';
import { Explanation } from '../parts/explanation.js';
import { link } from '../route.js';
import { counted, moment, visible } from '../text.js';
import { Graph } from './run/graph.js';
import { TaskPanel } from './run/task-panel.js';
import { TaskTable } from './run/task-table.js';
import { Timeline } from './run/timeline.js';

const POLL_MS = 2000;
const SELDOM_MS = 20_000;
const FINISHED = ['completed', 'failed', 'cancelled'];

/** What the stream has told: nothing yet. `after`: what had been read when it last told something. */
const NOTHING = { run: null, after: undefined };

/** One run: why it waits, its graph, its timeline, and every task. */
export default function RunView({ tenantId, runId, taskName }) {
  const path = at('tenants', tenantId, 'runs', runId);
  const [, redraw] = useState({});
  const held = useRef({ ...NOTHING, tasks: new Map(), changes: 0 });
  const lastRead = useRef(undefined);
  const stream = useStream(at('tenants', tenantId, 'runs', runId, 'events'), (events) => {
    for (const { kind, view } of events) {
      if (kind === 'run')
        held.current.run = view;
      else if (kind === 'task')
        held.current.tasks.set(view.name, view);
    }
    held.current.changes += 1;
    held.current.after = lastRead.current;
    redraw({});
  });
  const read = useReading(path, () => call(path), stream === 'polling' || stream === 'connecting' ? POLL_MS : SELDOM_MS);
  lastRead.current = read.data;
  useEffect(() => {
    if (stream === 'over')
      read.refresh();
  }, [stream]);
  // What was read since the stream fell silent is newer than all it told; one that is over told the end.
  if (stream !== 'live' && stream !== 'over' && held.current.after !== read.data)
    held.current = { ...NOTHING, tasks: new Map(), changes: held.current.changes, after: read.data };
  const run = merged(read.data, held.current);
  return html`<${Read} of=${{ ...read, data: run }}>${(whole) => html`<${Whole} run=${whole} taskName=${taskName} changes=${held.current.changes} isLive=${stream === 'live'} />`}<//>`;
}

/** What was read, with what has been told since. */
function merged(read, { run, tasks }) {
  if (!read)
    return undefined;
  const isNewer = FINISHED.includes(read.status) && !FINISHED.includes(run?.status);
  return isNewer ? read : { ...read, ...run, tasks: (read.tasks ?? []).map((task) => tasks.get(task.name) ?? task), metadata: read.metadata };
}

function Whole({ run, taskName, changes, isLive }) {
  document.title = `${visible(run.name)} · Headgate`;
  const isFinished = FINISHED.includes(run.status);
  const tasks = run.tasks ?? [];
  const chosen = tasks.find((task) => task.name === taskName);
  const choose = (name) => {
    // A choice is no step to go back over.
    history.replaceState(null, '', link('tenants', run.tenantId, 'runs', run.runId, ...(name && name !== taskName ? [name] : [])));
    dispatchEvent(new HashChangeEvent('hashchange'));
  };
  return html`
    <${Head} run=${run} isFinished=${isFinished} isLive=${isLive} />
    <div class="stack">
      ${!isFinished && html`<${Explanation} path=${at('tenants', run.tenantId, 'runs', run.runId, 'explain')} changes=${changes} title="Why it waits" />`}
      <div class=${chosen ? 'split' : ''}>
        <div class="stack">
          ${tasks.length > 1 && html`<section class="card" aria-label="Task graph"><h2>Tasks and what they need</h2><${Graph} tasks=${tasks} chosen=${taskName} choose=${choose} /></section>`}
          <section class="card" aria-label="Timeline"><h2>Attempts and waits</h2><${Timeline} run=${run} tasks=${tasks} choose=${choose} /></section>
        </div>
        ${chosen && html`<${TaskPanel} key=${chosen.taskId} task=${chosen} tenantId=${run.tenantId} close=${() => choose(null)} />`}
      </div>
      <${TaskTable} tasks=${tasks} chosen=${taskName} choose=${choose} />
    </div>`;
}

function Head({ run, isFinished, isLive }) {
  const tasks = run.tasks ?? [];
  const done = tasks.filter((task) => task.status === 'completed').length;
  return html`
    <header class="page">
      <div class="title">
        <a class="up" href=${link('tenants', run.tenantId)}>${run.tenantId}</a>
        <h1><${Said} text=${run.name} /> <${Status} of=${run.status} /></h1>
        <p class="under"><${Id} of=${run.runId} /> · ${run.priority} priority · <span title=${moment(run.createdAt)}>created <${Ago} at=${run.createdAt} suffix=" ago" /></span>
          ${run.startedAt && html` · ${isFinished ? 'took' : 'for'} <${Took} from=${run.startedAt} to=${run.finishedAt} />`} · ${done} of ${counted(tasks.length, 'task')} done
          ${isLive && html` <span class="live">live</span>`}</p>
      </div>
      <div class="actions">${!isFinished && html`<${Action} permission="run:cancel" tenant=${run.tenantId} onClick=${() => cancelRun(run)}>Cancel<//>`}</div>
      ${run.failure && html`<p class="told bad"><strong>${run.status === 'cancelled' ? 'Cancelled' : 'Failed'}</strong>${run.failure.taskName && html` in <${Said} text=${run.failure.taskName} />`}${run.failure.errorCategory && html` (${run.failure.errorCategory})`}: <${Said} text=${run.failure.message} /></p>`}
      ${run.replayOf && html`<p class="told">It tries <a href=${link('tenants', run.tenantId, 'runs', run.replayOf)}>an earlier run</a> again.</p>`}
      ${run.replayedAs && html`<p class="told">It was tried again as <a href=${link('tenants', run.tenantId, 'runs', run.replayedAs)}>a later run</a>.</p>`}
    </header>`;
}
