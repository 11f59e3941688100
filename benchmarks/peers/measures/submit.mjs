import { randomBytes } from 'node:crypto';
import { ofRounds } from '../harness/arithmetic.mjs';
import { now } from '../harness/clock.mjs';
import { closedLoop } from '../harness/closed-loop.mjs';
import { Connection, post } from '../harness/wire.mjs';
import { startFront } from '../harness/workers.mjs';

const callers = 32;
const tenantCount = 100;
const unlimited = 1_000_000_000;

/**
 * Work accepted while nothing does it: by the peer's own client, over HTTP through a bare web server before that client, and, where the
 * peer has a gate, over HTTP with an API key and a tenant's cap checked.
 */
export async function* run({ options, server, module, traits, connect, startWorkers }) {
  if (traits.endpoint) await startWorkers({ kind: 'nothing' });
  const client = await connect();
  yield await measured(options, traits.http ? 'over HTTP' : 'by its client', (caller) => client.submit('nothing', now(), caller, true));
  if (traits.http) return;

  yield await overHttp('over HTTP', await startFront(module, server), () => post('/', { kind: 'nothing', tag: now() }), options);
  if (!traits.gate) return;

  const tenants = Array.from({ length: tenantCount }, (_, i) => tenant(`tenant-${i + 1}`, unlimited));
  const single = tenant('single', 1);
  const front = await startFront(module, server, [...tenants, single]);
  await proveGate(front, single, tenants[0]);
  let next = 0;
  yield await overHttp('over HTTP, key and cap checked, 100 tenants', front, () => submission(tenants[next++ % tenantCount]), options);
}

const tenant = (id, cap) => ({ id, key: randomBytes(24).toString('base64url'), cap });
const submission = ({ id, key }) => post(`/tenants/${id}/runs`, { kind: 'nothing', tag: now() }, { Authorization: `Bearer ${key}` });

/** A gate that lets everybody in is no gate: one admission at a cap of one, then 429, and 401 for a key of another tenant. */
async function proveGate({ port }, single, other) {
  const connection = new Connection(port);
  const statusOf = (request) => connection.send(request).then(() => '202', (error) => error.message.split(' ')[1]);
  const seen = [];
  for (const request of [submission(single), submission(single), submission({ ...single, key: other.key }), submission({ ...other, key: 'unknown' })]) seen.push(await statusOf(request));
  connection.close();
  if (seen.join() !== '202,429,401,401') throw new Error(`the gate answered ${seen} where 202,429,401,401 is right`);
}

async function overHttp(name, front, request, options) {
  const connections = Array.from({ length: callers }, () => new Connection(front.port));
  const reading = await measured(options, name, (caller) => connections[caller].send(request()));
  for (const connection of connections) connection.close();
  front.stop();
  return reading;
}

async function measured(options, name, call) {
  await closedLoop({ callers, milliseconds: options.warmUp * 1000 }, call);
  const rounds = [];
  for (let i = 0; i < options.rounds; i++) {
    const { rate, p50, p99 } = await closedLoop({ callers, milliseconds: options.seconds * 1000 }, call);
    rounds.push({ rate, p50, p99 });
  }
  return { case: name, figures: ofRounds(rounds), rounds };
}
