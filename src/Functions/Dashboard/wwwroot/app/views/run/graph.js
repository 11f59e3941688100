import { html, useEffect, useMemo, useState } from '../../html.js';
import { Loading, tone } from '../../parts/basics.js';
import { NotLoaded } from '../../parts/later.js';
import { visible } from '../../text.js';
import { NODE, layout } from './layout.js';

const NAME_LENGTH = 21;

/** The tasks as a graph, from those that need nothing to those that come last. */
export function Graph({ tasks, chosen, choose }) {
  const [dagre, setDagre] = useState(null);
  const [isMissing, setMissing] = useState(false);
  useEffect(() => {
    import('../../../vendor/dagre.mjs').then((module) => setDagre(module), () => setMissing(true));
  }, []);
  const shape = JSON.stringify(tasks.map((task) => [task.name, task.needs]));
  const drawn = useMemo(() => dagre && layout(dagre, tasks), [dagre, shape]);
  if (isMissing)
    return html`<${NotLoaded} />`;
  if (!drawn)
    return html`<${Loading} />`;
  return html`
    <div class="graph" tabindex="0" role="group" aria-label="Task graph; each task is a button">
      <svg width=${drawn.width} height=${drawn.height} viewBox="0 0 ${drawn.width} ${drawn.height}">
        ${drawn.edges.map((edge) => html`<path key=${edge.key} class="edge" d=${edge.path} />`)}
        ${tasks.map((task) => html`<${Node} key=${task.name} task=${task} at=${drawn.nodes.get(task.name)} isChosen=${task.name === chosen} choose=${choose} />`)}
      </svg>
    </div>`;
}

function Node({ task, at, isChosen, choose }) {
  const name = visible(task.name);
  const percent = task.progress?.percent;
  const hasPercent = percent !== undefined && percent !== null;
  const state = [task.status, task.attempt > 1 && `attempt ${task.attempt}`, hasPercent && `${Math.round(percent)} %`].filter(Boolean).join(' · ');
  const shown = name.length > NAME_LENGTH ? name.slice(0, NAME_LENGTH - 1) + '…' : name;
  return html`
    <g class="node ${tone(task.status)} ${isChosen ? 'chosen' : ''}" transform="translate(${at.x},${at.y})" role="button" tabindex="0" aria-pressed=${isChosen}
      aria-label="${shown} ${state}${shown === name ? '' : ` (${name})`}" onClick=${() => choose(task.name)}
      onKeyDown=${(event) => (event.key === 'Enter' || event.key === ' ') && (event.preventDefault(), choose(task.name))}>
      <rect width=${NODE.width} height=${NODE.height} rx="7" />
      <text class="name" x="11" y="19">${shown + ' '}</text>
      <text class="state" x="11" y="35">${state}</text>
      ${hasPercent && html`<line class="progress" x1="4" x2=${4 + (NODE.width - 8) * Math.min(1, percent / 100)} y1=${NODE.height - 3} y2=${NODE.height - 3} stroke="currentColor" stroke-width="2" />`}
    </g>`;
}
