import { median } from '../harness/arithmetic.mjs';
import { now, sleep } from '../harness/clock.mjs';

const count = 50;
const patience = 30_000;

/** What took longer is not done again: it is a timeout of the peer's, which does not vary. */
const worthRepeating = 10_000;

/** A worker is killed with 50 in flight and another started at once: from that start until all 50 have been begun again. */
export async function* run({ options, cases, connect, startWorkers }) {
  for (const one of cases) {
    const client = await connect();
    const times = [];
    for (let i = 0; i < options.rounds && times.every((time) => time !== null && time < worthRepeating); i++) {
      const tags = Array.from({ length: count }, (_, number) => now() + number / 1e3);
      const begun = (workers) => new Set(workers.started.map(([tag]) => tag).filter((tag) => tags.includes(tag))).size >= count;
      const settings = { kind: 'hang', slots: count, case: one };
      const first = await startWorkers(settings);
      await Promise.all(tags.map((tag, number) => client.submit('hang', tag, number)));
      await first.until(`${count} begun`, patience, () => begun(first));
      await first.kill();
      const killed = now();
      // This one ends the jobs, so that the next round finds none.
      const second = await startWorkers({ ...settings, again: true });
      const all = await second.until('all begun again', options.patience * 1000, () => begun(second)).then(() => true, () => false);
      times.push(all ? Math.max(...second.started.map(([, at]) => at)) - killed : null);
      await sleep(1000);
      await second.kill();
    }
    const late = times.includes(null);
    yield {
      case: [one.name, late && `not within ${options.patience} s`].filter(Boolean).join(', '),
      figures: { recovered: late ? null : median(times) },
      rounds: times.map((recovered) => ({ recovered })),
    };
  }
}
