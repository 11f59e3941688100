import { percentile } from '../harness/arithmetic.mjs';
import { now } from '../harness/clock.mjs';

const patience = 30_000;

/** One piece of work at a time, from before its submission to its end; no further one is begun after the time set for it. */
export async function* run({ options, cases, connect, startWorkers, traits }) {
  for (const one of cases) {
    const workers = one.inProcess ? null : await startWorkers({ kind: 'nothing', slots: traits.slots });
    const client = await connect();
    const warm = now() + options.warmUp * 1000;
    while (now() < warm) await single(client, workers, one.how);

    const latencies = [];
    const last = now() + options.idleSeconds * 1000;
    while (latencies.length < options.idleRuns && (latencies.length === 0 || now() < last)) latencies.push(await single(client, workers, one.how));
    await workers?.kill();
    yield { case: one.name, figures: { p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), count: latencies.length } };
  }
}

async function single(client, workers, how) {
  const start = now();
  if (how === 'call') {
    await client.call('nothing', start, 0);
    return now() - start;
  }

  const before = workers.done.length;
  await client.submit('nothing', start, 0);
  await workers.until('one done', patience, () => workers.done.length > before);
  return workers.done[before][1] - start;
}
