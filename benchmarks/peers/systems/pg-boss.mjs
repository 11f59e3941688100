import pg from 'pg';
import PgBoss from 'pg-boss';

const steps = 5;
const pollers = 10;

export const cases = { fairness: [{ name: 'one queue in the order of submission, 5 shared slots' }] };

// Batches of a hundred by ten pollers, each of which asks twice a second at the most, is its fastest way.
export const traits = { slots: pollers, cap: { processes: 1, slots: 5 } };

const boss = async (server) => {
  const client = new PgBoss({ connectionString: server.url, max: 32 });
  client.on('error', (error) => console.error(error));
  await client.start();
  return client;
};

export async function connect(server) {
  const client = await boss(server);
  const database = new pg.Pool({ connectionString: server.url, max: 1 });
  await client.createQueue('work');
  return {
    submit: (kind, tag) => client.send('work', { tag, step: 1 }, { retryLimit: 1, retryDelay: kind === 'fail' ? 3600 : 0 }),
    // It does not tell when a completion is recorded, so the table is asked.
    async settled() {
      for (;;) {
        const { rows } = await database.query("SELECT count(*)::int AS open FROM pgboss.job WHERE name = 'work' AND state < 'completed'");
        if (rows[0].open === 0) return;
      }
    },
  };
}

export async function work(server, { kind, slots, cap }, report) {
  const client = await boss(server);
  const handler = report.handlers[kind] ?? report.handlers.nothing;
  const one = async ({ data }) => {
    await handler(data.tag);
    if (kind === 'steps' && data.step < steps) await client.send('work', { tag: data.tag, step: data.step + 1 });
    else report.done(data.tag);
  };
  const options = { pollingIntervalSeconds: 0.5, batchSize: cap || kind === 'hang' ? 1 : 100 };
  for (let i = 0; i < slots; i++) await client.work('work', options, (jobs) => Promise.all(jobs.map(one)));
}
