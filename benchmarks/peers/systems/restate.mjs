// Its SDK uses what Node has from version 22 on.
Promise.withResolvers ??= function withResolvers() {
  const parts = {};
  parts.promise = new this((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};
process.env.RESTATE_LOGGING = 'ERROR';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, post } from '../harness/wire.mjs';

const restate = await import('@restatedev/restate-sdk');
const steps = 5;

const calls = (callers) => ({ name: `${callers} caller${callers === 1 ? '' : 's'} over HTTP`, how: 'call', callers });
export const cases = {
  'end-to-end': [calls(256), calls(32)],
  steps: [calls(128), calls(32)],
  idle: [calls(1)],
  fairness: [
    { name: 'a limit key a tenant, 5 shared slots of one scope' },
    { name: 'a scope a tenant, 5 slots each, not shared', apart: true },
  ],
};

export const traits = { http: true, endpoint: true, cap: { processes: 1 } };

export async function connect({ ingress, admin }) {
  const connections = [];
  let scopeOf = () => null;
  const over = (caller) => (connections[caller] ??= new Connection(ingress));
  return {
    submit(kind, tag, caller, later, tenant) {
      const scope = scopeOf(tenant);
      const path = `/restate${scope ? `/scope/${scope}` : ''}/send/bench/${kind}${later ? '?delay=3600000ms' : ''}`;
      return over(caller).send(post(path, { tag }, scope && tenant ? { 'x-restate-limit-key': tenant } : {}));
    },
    call: (kind, tag, caller) => over(caller).send(post(`/restate/call/bench/${kind}`, { tag })),
    async prepareCap(concurrency, { apart }) {
      await asked(`http://127.0.0.1:${admin}/limits/rules`, 'PUT', [{ pattern: '*', limits: { concurrency } }]);
      scopeOf = (tenant) => (apart ? `capped-${tenant}` : 'capped');
      // All partitions have read the rules anew.
      await sleep(3000);
    },
  };
}

async function asked(url, method, body) {
  const answer = await fetch(url, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
}

export async function work({ admin, endpoint }, { again }, report) {
  const hour = { initialRetryInterval: { hours: 1 }, maxRetryInterval: { hours: 1 }, retryIntervalFactor: 1, maxRetryAttempts: 10 };
  const once = (kind, options) => async (context, { tag }) => {
    await context.run(kind, () => report.handlers[kind](tag), options);
  };
  const five = async (context, { tag }) => {
    for (let step = 1; step <= steps; step++) await context.run(`step ${step}`, () => report.handlers.nothing(tag));
  };
  const handlers = { nothing: once('nothing'), span: once('span'), hang: once('hang'), fail: once('fail', hour), steps: five };
  await restate.endpoint().bind(restate.service({ name: 'bench', handlers })).listen(endpoint);
  if (!again) await asked(`http://127.0.0.1:${admin}/deployments`, 'POST', { uri: `http://127.0.0.1:${endpoint}`, force: true });
}
