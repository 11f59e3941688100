import { ofRounds } from '../harness/arithmetic.mjs';
import { now } from '../harness/clock.mjs';
import { closedLoop } from '../harness/closed-loop.mjs';
import { Connection, post } from '../harness/wire.mjs';
import { startFront } from '../harness/workers.mjs';

const callers = 32;

/** Work accepted while nothing does it: by the peer's own client, and over HTTP through a bare web server before that client. */
export async function* run({ options, server, module, traits, connect, startWorkers }) {
  if (traits.endpoint) await startWorkers({ kind: 'nothing' });
  const client = await connect();
  yield await measured(options, traits.http ? 'over HTTP' : 'by its client', (caller) => client.submit('nothing', now(), caller, true));
  if (traits.http) return;

  const front = await startFront(module, server);
  const connections = Array.from({ length: callers }, () => new Connection(front.port));
  yield await measured(options, 'over HTTP', (caller) => connections[caller].send(post('/', { kind: 'nothing', tag: now() })));
  for (const connection of connections) connection.close();
  front.stop();
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
