import { at, call } from '../data/api.js';
import { now } from '../data/clock.js';
import { may } from '../data/session.js';
import { html } from '../html.js';
import { visible } from '../text.js';
import { ask } from './dialog.js';

/** What people press. Each says first what will happen; who may not do it gets no button. */

const reason = (hint, isRequired = false) => ({ name: 'reason', label: 'Reason', hint, isRequired, attributes: { maxLength: 500 } });

/** @param {{ permission: string, tenant?: string, class?: string, onClick: () => void, children: any }} props */
export const Action = ({ permission, tenant, class: name = '', onClick, children }) =>
  may(permission, tenant) && html`<button type="button" class=${name} onClick=${onClick}>${children}</button>`;

export const cancelRun = (run) => ask({
  title: `Cancel ${visible(run.name)}?`,
  effects: ['Tasks that wait or back off end at once.', 'Running ones are told to stop with their agent’s next heartbeat; after 30 s the run is closed regardless.', 'Its slot goes to the next run. It can’t be undone.'],
  action: 'Cancel the run',
  isGrave: true,
  run: () => call(at('tenants', run.tenantId, 'runs', run.runId, 'cancel'), { method: 'POST' }),
  done: () => 'The run is being cancelled.',
});

export const pauseTenant = (tenant, refresh) => ask({
  title: `Pause ${visible(tenant.name)}?`,
  effects: ['New runs are refused with 503 until it is resumed.', 'Nothing more is handed out; running tasks finish, retries wait.'],
  fields: [reason('Shown to everybody who is refused a run or reads the audit.')],
  action: 'Pause',
  run: (values) => call(at('tenants', tenant.id, 'pause'), { method: 'POST', body: values.reason ? { reason: values.reason } : {} }),
  done: () => (refresh?.(), `${tenant.id} is paused.`),
});

export const resumeTenant = (tenant, refresh) => ask({
  title: `Resume ${visible(tenant.name)}?`,
  effects: ['New runs are admitted again.', 'Tasks that are ready are handed out at once, and retries that are due start.'],
  action: 'Resume',
  run: () => call(at('tenants', tenant.id, 'resume'), { method: 'POST' }),
  done: () => (refresh?.(), `${tenant.id} goes on.`),
});

export const holdResource = (tenantId, name, refresh) => ask({
  title: `Hold ${visible(name)}?`,
  effects: ['No task that uses it is handed out until it is released.', 'Tasks that wait for it spend no attempt. Running ones finish.'],
  fields: [reason('Shown beside the resource.', true)],
  action: 'Hold',
  run: (values) => call(at('tenants', tenantId, 'resources', name, 'hold'), { method: 'POST', body: { reason: values.reason } }),
  done: () => (refresh?.(), `${name} is held.`),
});

export const releaseResource = (tenantId, name, refresh) => ask({
  title: `Release ${visible(name)}?`,
  effects: ['Tasks that wait for it are handed out again, one at first, then more as they succeed.', 'If what was wrong is not mended, it may close again.'],
  action: 'Release',
  run: () => call(at('tenants', tenantId, 'resources', name, 'release'), { method: 'POST' }),
  done: () => (refresh?.(), `${name} is released.`),
});

const STANDINGS = {
  drain: ['Drain', ['It gets no new tasks.', 'The tasks that it runs end as they would.'], 'drains.'],
  undrain: ['Undrain', ['It gets tasks again, at once if any wait.'], 'takes tasks again.'],
  quarantine: ['Quarantine', ['It gets no new tasks, and an alert says so.', 'The tasks that it runs end as they would.'], 'is in quarantine.'],
  release: ['Release', ['It gets tasks again, at once if any wait.'], 'takes tasks again.'],
};

/** @param {'drain' | 'undrain' | 'quarantine' | 'release'} move */
export function moveAgent(agent, move, refresh) {
  const [title, effects, said] = STANDINGS[move];
  ask({
    title: `${title} ${visible(agent.name)}?`,
    effects,
    fields: move === 'quarantine' ? [reason('Shown beside the agent and in the alert.', true)] : [],
    action: title,
    isGrave: move === 'quarantine',
    run: (values) => call(at('agents', agent.agentId, move), { method: 'POST', body: values.reason ? { reason: values.reason } : undefined }),
    done: () => (refresh?.(), `${agent.name} ${said}`),
  });
}

export const silenceAlert = (alert, refresh) => ask({
  title: `Silence “${alert.title}”?`,
  effects: ['Nobody is told of it until the silence ends.', 'It goes on being measured. If it still fires then, they are told.'],
  fields: [{ name: 'hours', label: 'For', kind: 'select', value: '1', options: [['1', 'an hour'], ['4', 'four hours'], ['24', 'a day'], ['168', 'a week']] }],
  action: 'Silence',
  run: (values) => call(at('alerts', alert.id, 'silence'), { method: 'POST', body: { until: new Date(now() + Number(values.hours) * 3_600_000).toISOString() } }),
  done: () => (refresh?.(), `${alert.title}: silenced.`),
});

export const endSilence = (alert, refresh) => ask({
  title: `End the silence of “${alert.title}”?`,
  effects: ['If it fires, receivers are told at once.'],
  action: 'End the silence',
  run: () => call(at('alerts', alert.id, 'silence'), { method: 'POST', body: { until: null } }),
  done: () => (refresh?.(), `${alert.title}: the silence is over.`),
});
