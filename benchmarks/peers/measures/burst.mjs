import { ofRounds, percentile } from '../harness/arithmetic.mjs';
import { now } from '../harness/clock.mjs';
import { closedLoop } from '../harness/closed-loop.mjs';

const submitters = 32;
const patience = 300_000;

/**
 * So many pieces of work from the first submission to the last one's end. A case submits them as fast as 32 submitters can, or
 * has callers that wait for each to end; then the callers bound the latency, and rates alone compare.
 */
export async function* bursts({ options, cases, traits, connect, startWorkers }, kind, count) {
  for (const one of cases) {
    const workers = one.inProcess ? null : await startWorkers({ kind, slots: traits.slots });
    const client = await connect();
    const burst = one.how === 'call' ? () => called(client, kind, count, one.callers) : () => submitted(client, workers, kind, count);
    for (const begun = now(); ; ) {
      await burst();
      if (now() - begun >= options.warmUp * 1000) break;
    }
    const rounds = [];
    for (let i = 0; i < options.rounds; i++) rounds.push(await burst());
    await workers?.kill();
    yield { case: one.name, figures: ofRounds(rounds), rounds };
  }
}

async function called(client, kind, count, callers) {
  const { rate, p50, p99 } = await closedLoop({ callers, count }, (caller) => client.call(kind, now(), caller));
  return { rate, p50, p99 };
}

async function submitted(client, workers, kind, count) {
  const before = workers.done.length;
  const { begun } = await closedLoop({ callers: submitters, count }, (caller) => client.submit(kind, now(), caller));
  await workers.until(`${count} done`, patience, () => workers.done.length >= before + count);
  await client.settled?.();
  const done = workers.done.slice(before);
  const end = client.settled ? now() : done.reduce((last, [, at]) => Math.max(last, at), 0);
  const latencies = done.map(([tag, at]) => at - tag);
  return { rate: count / ((end - begun) / 1000), p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99) };
}
