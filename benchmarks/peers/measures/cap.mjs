import { median, mostAtOnce } from '../harness/arithmetic.mjs';
import { now } from '../harness/clock.mjs';

const cap = 5;
const count = 200;
const patience = 120_000;

/**
 * 200 pieces of work of 50 ms, submitted at once, under a cap of 5 over all worker processes: from the first one's start to the
 * last one's end, of which 2,000 ms is the least there can be, and how many were seen to run at once over all rounds.
 */
export async function* run({ options, cases, traits, connect, startWorkers }) {
  for (const one of cases) {
    const { processes, slots } = traits.cap;
    const client = await connect();
    await client.prepareCap?.(cap, one);
    const workers = await startWorkers({ kind: 'span', slots, cap, case: one }, processes);
    const round = async () => {
      const before = workers.spans.length;
      await Promise.all(Array.from({ length: count }, (_, i) => client.submit('span', now(), i)));
      await workers.until(`${count} done`, patience, () => workers.spans.length >= before + count);
      return workers.spans.slice(before);
    };
    await round();
    const drains = [];
    let most = 0;
    for (let i = 0; i < options.rounds; i++) {
      const spans = await round();
      drains.push(Math.max(...spans.map(([, to]) => to)) - Math.min(...spans.map(([from]) => from)));
      most = Math.max(most, mostAtOnce(spans));
    }
    await workers.kill();
    yield { case: one.name, figures: { drain: median(drains), most }, rounds: drains.map((drain) => ({ drain })) };
  }
}
