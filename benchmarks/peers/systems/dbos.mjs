import { DBOS, DBOSClient } from '@dbos-inc/dbos-sdk';
import pg from 'pg';

const queue = 'work';
const steps = 5;
const polling = 100;
const silent = Object.fromEntries(['info', 'debug', 'warn'].map((level) => [level, () => {}]));
const logger = { ...silent, error: (...parts) => console.error(...parts) };

const inProcess = (callers) => ({ name: `in process, ${callers} caller${callers === 1 ? '' : 's'}`, how: 'call', callers, inProcess: true });
const queued = { name: `queue, polled every ${polling} ms`, how: 'submit' };
export const cases = {
  'end-to-end': [inProcess(32), queued],
  steps: [inProcess(32), queued],
  idle: [inProcess(1), queued],
  cap: [queued],
  recovery: [{ name: 'the same executor again', how: 'submit' }],
  fairness: [
    { name: `a partition a tenant, 5 shared slots, polled every ${polling} ms`, limits: ['globalConcurrency', 'partitionConcurrency'] },
    { name: `a partition a tenant, 5 slots each, not shared, polled every ${polling} ms`, limits: ['partitionConcurrency'] },
  ],
};

export const traits = { cap: { processes: 2 } };

const configure = (server, executorID, listenQueues) =>
  DBOS.setConfig({ name: 'bench', systemDatabaseUrl: server.url, applicationVersion: '1', executorID, listenQueues, logger, systemDatabasePoolSize: 32 });

// Workflows are known by name, so that clients and workers mean the same ones.
const workflows = (report) => {
  const retry = { retriesAllowed: true, intervalSeconds: 3600, maxAttempts: 3, backoffRate: 1 };
  const once = (kind, config) => async (tag) => {
    await DBOS.runStep(() => report.handlers[kind](tag), { name: kind, ...config });
    report.done(tag);
  };
  const five = async (tag) => {
    for (let step = 1; step <= steps; step++) await DBOS.runStep(() => report.handlers.nothing(tag), { name: `step ${step}` });
    report.done(tag);
  };
  const all = { nothing: once('nothing'), span: once('span'), hang: once('hang'), fail: once('fail', retry), steps: five };
  return Object.fromEntries(Object.entries(all).map(([name, body]) => [name, DBOS.registerWorkflow(body, { name })]));
};

export async function connect(server) {
  let own;
  let client;
  let database;
  return {
    async call(kind, tag) {
      own ??= launch(server);
      const handle = await DBOS.startWorkflow((await own)[kind])(tag);
      await handle.getResult();
    },
    prepareCap: (cap, { limits = ['globalConcurrency'] }) => (client = register(server, Object.fromEntries(limits.map((limit) => [limit, cap])))),
    async submit(kind, tag, caller, later, tenant) {
      client ??= register(server, {});
      await (await client).enqueue({ queueName: queue, workflowName: kind, appVersion: '1', queuePartitionKey: tenant }, tag);
    },
    // A workflow tells of its end before that is recorded, so the table is asked.
    async settled() {
      database ??= new pg.Pool({ connectionString: server.url, max: 1 });
      for (;;) {
        const { rows } = await database.query("SELECT count(*)::int AS open FROM dbos.workflow_status WHERE status IN ('ENQUEUED', 'PENDING')");
        if (rows[0].open === 0) return;
      }
    },
  };
}

async function register(server, limits) {
  await DBOS.migrate(server.url);
  const client = await DBOSClient.create({ systemDatabaseUrl: server.url, applicationName: 'bench' });
  await client.registerQueue(queue, { minPollingIntervalMs: polling, onConflict: 'always_update', ...limits });
  return client;
}

async function launch(server) {
  const nothing = async () => {};
  // What is queued is for workers.
  configure(server, 'caller', []);
  const known = workflows({ handlers: { nothing }, done: () => {} });
  await DBOS.launch();
  return known;
}

export async function work(server, { number }, report) {
  configure(server, `worker-${number}`);
  workflows(report);
  await DBOS.launch();
}
