import { html } from '../../html.js';
import { Countdown, Id, Said, Status, Took } from '../../parts/basics.js';

/** Every task of a run, with what it waits for. */
export const TaskTable = ({ tasks, chosen, choose }) => html`
  <table class="rows stacked" aria-label="Tasks">
    <thead><tr><th scope="col">Task</th><th scope="col">Status</th><th scope="col">Waits for</th><th scope="col">Agent</th><th scope="col" class="number">Attempt</th><th scope="col" class="number">Retries left</th><th scope="col" class="number">Took</th></tr></thead>
    <tbody>${tasks.map((task) => html`
      <tr key=${task.taskId} class=${task.name === chosen ? 'chosen' : ''}>
        <th scope="row"><button type="button" class="plain" aria-expanded=${task.name === chosen} onClick=${() => choose(task.name)}><${Said} text=${task.name} /></button> <span class="under">${task.type}</span></th>
        <td data-label="Status"><${Status} of=${task.status} /></td>
        <td data-label="Waits for"><${Waits} task=${task} /></td>
        <td data-label="Agent">${task.agentId ? html`<${Id} of=${task.agentId} />` : html`<span class="none">–</span>`}</td>
        <td data-label="Attempt" class="number">${task.attempt || html`<span class="none">–</span>`}</td>
        <td data-label="Retries left" class="number">${task.retriesRemaining}<span class="of"> / ${task.maxRetries}</span></td>
        <td data-label="Took" class="number"><${Held} task=${task} /></td>
      </tr>`)}</tbody>
  </table>`;

function Waits({ task }) {
  if (task.status === 'backoff')
    return html`<span>its next retry <strong><${Countdown} at=${task.nextRetryAt} /></strong> <span class="under">${task.lastErrorCategory}</span></span>`;
  return task.waitingFor ? html`<${Said} text=${task.waitingFor} />` : html`<span class="none">–</span>`;
}

function Held({ task }) {
  const last = task.attempts.at(-1);
  return last ? html`<${Took} from=${last.startedAt} to=${last.finishedAt} />` : html`<span class="none">–</span>`;
}
