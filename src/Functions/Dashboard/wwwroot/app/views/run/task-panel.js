import { at, call } from '../../data/api.js';
import { useReading } from '../../data/polling.js';
import { html } from '../../html.js';
import { Countdown, Id, Said, Stale, Status, Took } from '../../parts/basics.js';
import { Explanation } from '../../parts/explanation.js';
import { clock, count, visibleLines } from '../../text.js';

const EVERY_MS = 4000;
const OVER = ['completed', 'failed', 'exhausted', 'cancelled', 'skipped'];

/** One task beside its run: its attempts with their errors and logs, and why it waits. */
export function TaskPanel({ task, close }) {
  const path = at('tasks', task.taskId);
  const isOver = OVER.includes(task.status);
  // Logs come only with the task itself.
  const read = useReading(`${path} ${task.status} ${task.attempt}`, () => call(path), isOver ? 3_600_000 : EVERY_MS);
  const attempts = read.data?.attempts ?? task.attempts;
  const progress = task.progress;
  return html`
    <aside class="card stack" aria-label="The task that is chosen">
      <header class="task-head"><h2><${Said} text=${task.name} /></h2><${Status} of=${task.status} /><button type="button" class="quiet" onClick=${close} aria-label="Close the task">Close</button></header>
      ${!isOver && html`<${Explanation} path=${at('tasks', task.taskId, 'explain')} changes=${`${task.status} ${task.waitingFor}`} title="Why this task waits" />`}
      <${Stale} of=${read} />
      <dl class="facts">
        <dt>Type</dt><dd>${task.type}</dd>
        ${task.resources.length > 0 && html`<dt>Resources</dt><dd>${task.resources.join(', ')}</dd>`}
        ${task.needs.length > 0 && html`<dt>Needs</dt><dd><${Said} text=${task.needs.join(', ')} /></dd>`}
        ${task.status === 'backoff' && html`<dt>Next retry</dt><dd><${Countdown} at=${task.nextRetryAt} /></dd>`}
        <dt>Retries left</dt><dd>${task.retriesRemaining} of ${task.maxRetries}</dd>
        ${progress && html`<dt>Progress</dt><dd><${Progress} of=${progress} /></dd>`}
        ${task.carriedFrom && html`<dt>Carried from</dt><dd><${Id} of=${task.carriedFrom} /></dd>`}
      </dl>
      ${attempts.length > 0 && html`<h3>Attempts</h3><ol class="attempts">${[...attempts].reverse().map((attempt) => html`<${Attempt} key=${attempt.attempt} attempt=${attempt} />`)}</ol>`}
      ${task.output && html`<h3>Output</h3><pre class="log" tabindex="0">${visibleLines(JSON.stringify(task.output, null, 2))}</pre>`}
    </aside>`;
}

const Attempt = ({ attempt }) => html`
  <li>
    <span><strong>${attempt.attempt}</strong> <${Status} of=${attempt.outcome ?? 'running'} /> <span class="under">${clock(attempt.startedAt)}, <${Took} from=${attempt.startedAt} to=${attempt.finishedAt} /></span></span>
    <span class="under">on <${Id} of=${attempt.agentId} />${attempt.errorCategory && html` · ${attempt.errorCategory}`}${attempt.exitCode !== null && html` · exit code ${attempt.exitCode}`}</span>
    ${attempt.errorMessage && html`<${Said} text=${attempt.errorMessage} />`}
    ${attempt.log && html`<details><summary>Log</summary><pre class="log" tabindex="0"><bdi>${visibleLines(attempt.log)}</bdi></pre></details>`}
  </li>`;

function Progress({ of }) {
  const { percent, ...rest } = of;
  const told = Object.entries(rest).filter(([, value]) => value !== null && value !== undefined);
  return html`${percent !== null && percent !== undefined && html`${Math.round(percent)} % `}<span class="under">${told.map(([name, value]) => `${name} ${typeof value === 'number' ? count(value) : value}`).join(' · ')}</span>`;
}
