// A process that does a peer's work, as its own advice has it. It tells its parent in batches what it has done.
import { now, sleep } from './clock.mjs';

let batch = { done: [], spans: [], started: [], failed: 0 };
let due = false;

const flush = () => {
  due = false;
  process.send(batch);
  batch = { done: [], spans: [], started: [], failed: 0 };
};
const note = () => {
  if (due) return;
  due = true;
  setTimeout(flush, 2);
};

// A tag is when the work was submitted, on the clock that processes share.
const reportFor = ({ again }) => ({
  done: (tag) => (batch.done.push([tag, now()]), note()),
  handlers: {
    nothing: async () => {},
    span: async (tag) => {
      const from = now();
      await sleep(50);
      batch.spans.push([from, now(), tag]);
      note();
    },
    fail: async () => {
      batch.failed++;
      note();
      throw new Error('fails as it should');
    },
    hang: async (tag) => {
      batch.started.push([tag, now()]);
      note();
      if (!again) await new Promise(() => setInterval(() => {}, 1e6));
    },
  },
});

process.once('disconnect', () => process.exit());
process.once('message', async ({ module, server, settings }) => {
  await (await import(`../systems/${module}.mjs`)).work(server, settings, reportFor(settings));
  process.send({ ready: true });
});
