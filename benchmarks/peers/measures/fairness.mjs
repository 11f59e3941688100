import { median, mostAtOnce } from '../harness/arithmetic.mjs';
import { now } from '../harness/clock.mjs';
import { closedLoop } from '../harness/closed-loop.mjs';

const cap = 5;
const waiting = 400;
const waitingToWarmUp = 50;
const ahead = 20;
const few = 10;
const submitters = 32;
const patience = 120_000;

/** What took longer is not done again: it is the order of a queue, which does not vary. */
const worthRepeating = 10_000;

/**
 * Tenant A has 400 jobs of 50 ms waiting, five may run at a time, and when 20 of them have ended, tenant B submits 10: from before the
 * first of these submissions to the end of B's last job, as workers see it, and how many of A's ended in that time. Each case says
 * whether its five slots are one pool.
 */
export async function* run({ options, cases, traits, connect, startWorkers }) {
  for (const one of cases) {
    const { processes, slots } = traits.cap;
    const client = await connect();
    await client.prepareCap?.(cap, one);
    const workers = await startWorkers({ kind: 'span', slots, cap, case: one }, processes);
    await round(client, workers, waitingToWarmUp);
    const rounds = [];
    while (rounds.length < options.rounds && rounds.every(({ last }) => last < worthRepeating)) rounds.push(await round(client, workers, waiting));
    await workers.kill();
    const middle = (figure) => median(rounds.map((each) => each[figure]));
    yield { case: one.name, figures: { last: middle('last'), meanwhile: middle('meanwhile'), most: Math.max(...rounds.map(({ most }) => most)) }, rounds };
  }
}

async function round(client, workers, backlog) {
  const before = workers.spans.length;
  const ended = (count) => workers.until(`${count} ended`, patience, () => workers.spans.length >= before + count);
  await closedLoop({ callers: submitters, count: backlog }, (caller) => client.submit('span', now(), caller, false, 'a'));
  await ended(ahead);
  const begun = now();
  await Promise.all(Array.from({ length: few }, (_, caller) => client.submit('span', now(), caller, false, 'b')));
  await ended(backlog + few);
  const spans = workers.spans.slice(before);
  // By their tags: whatever was submitted since then is B's.
  const end = Math.max(...spans.filter(([, , tag]) => tag >= begun).map(([, to]) => to));
  return { last: end - begun, meanwhile: spans.filter(([, to, tag]) => tag < begun && to > begun && to <= end).length, most: mostAtOnce(spans) };
}
