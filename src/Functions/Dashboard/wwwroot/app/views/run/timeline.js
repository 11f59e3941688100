import { useNow } from '../../data/clock.js';
import { html } from '../../html.js';
import { Empty, Said } from '../../parts/basics.js';
import { clock, duration, visible } from '../../text.js';
import { firstWait, readyAt, spansOf } from './spans.js';

const FINISHED = ['completed', 'failed', 'cancelled'];

/** A lane for each task: its attempts, each as long as an agent held its lease, and the waits between. */
export function Timeline({ run, tasks, choose }) {
  const ticking = useNow();
  const isFinished = FINISHED.includes(run.status);
  const now = isFinished ? Date.parse(run.finishedAt) : ticking;
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const lanes = tasks.map((task) => ({ task, spans: [firstWait(task, readyAt(task, byName, run.startedAt), now), ...spansOf(task, now)].filter(Boolean) }));
  const begun = lanes.flatMap((lane) => lane.spans);
  if (begun.length === 0)
    return html`<${Empty} title="Nothing has begun.">Attempts appear here as agents take the tasks.<//>`;

  const from = Math.min(Date.parse(run.startedAt ?? run.createdAt), ...begun.map((span) => span.from));
  const to = Math.max(now, ...begun.map((span) => span.to), from + 1);
  const place = (span) => ({ left: `${((span.from - from) / (to - from)) * 100}%`, width: `${(Math.max(0, span.to - span.from) / (to - from)) * 100}%` });
  return html`
    <div class="gantt">
      ${lanes.map(({ task, spans }) => html`
        <button type="button" class="plain label" key=${`${task.name} label`} onClick=${() => choose(task.name)} title=${visible(task.name)}><${Said} text=${task.name} /></button>
        <div class="lane" key=${task.name} role="img" aria-label=${spans.length > 0 ? spans.map((span) => `${span.title}, ${duration((span.to - span.from) / 1000)}`).join('; ') : 'not begun'}>
          ${spans.map((span, index) => html`<span key=${index} class="span ${span.tone} ${span.kind === 'attempt' ? '' : 'idle'} ${span.isOpen ? 'open-end' : ''}" style=${place(span)} title="${span.title}, ${duration((span.to - span.from) / 1000)}"></span>`)}
        </div>`)}
      <div class="axis"><span>${clock(from)}</span><span>${duration((to - from) / 1000)}</span><span>${clock(to)}</span></div>
    </div>
    <p class="legend">
      <span><i class="span good"></i>succeeded</span><span><i class="span bad"></i>failed</span><span><i class="span busy"></i>held by an agent now</span><span><i class="span idle wait"></i>waits: for an agent, or backs off</span>
    </p>`;
}
