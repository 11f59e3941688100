import { Logger, makeWorkerUtils, run } from 'graphile-worker';
import pg from 'pg';

const steps = 5;
const hour = 3_600_000;
const logger = new Logger(() => (level, message) => level === 'error' && console.error(message));

// Its named queues run one job at a time, which is no share of five slots.
export const cases = { fairness: [{ name: 'one queue in the order of submission, 5 shared slots' }] };

// It has no cap over processes, and its curve of retries cannot be set: in backoff are jobs that are due in an hour.
export const traits = { slots: 10, cap: { processes: 1, slots: 5 }, parks: true };

export async function connect(server) {
  const pgPool = new pg.Pool({ connectionString: server.url, max: 32 });
  const utils = await makeWorkerUtils({ pgPool, logger });
  await utils.migrate();
  return {
    submit: (kind, tag, caller, later) => utils.addJob('work', { tag, step: 1 }, later && kind === 'fail' ? { runAt: new Date(Date.now() + hour) } : {}),
  };
}

export async function work(server, { kind, slots }, report) {
  const handler = report.handlers[kind] ?? report.handlers.nothing;
  const runner = await run({
    connectionString: server.url,
    maxPoolSize: slots + 2,
    concurrency: slots,
    noHandleSignals: true,
    logger,
    taskList: {
      async work({ tag, step }, { addJob }) {
        await handler(tag);
        if (kind === 'steps' && step < steps) await addJob('work', { tag, step: step + 1 });
      },
    },
  });
  // Told when the database has recorded the completion.
  runner.events.on('job:complete', ({ job, error }) => {
    if (!error && (kind !== 'steps' || job.payload.step === steps)) report.done(job.payload.tag);
  });
}
