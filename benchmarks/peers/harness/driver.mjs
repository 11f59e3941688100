// One measure on one system, in a process of its own: no measure inherits what another left in this process.
// Its parent hands over what to do and gets the readings, or what went wrong.
import { Workers } from './workers.mjs';

process.once('disconnect', () => process.exit());
process.once('message', async ({ measure, module, server, options }) => {
  const clients = [];
  const workers = [];
  try {
    const system = await import(`../systems/${module}.mjs`);
    const { run } = await import(`../measures/${measure}.mjs`);
    const bench = {
      options,
      server,
      module,
      cases: system.cases?.[measure] ?? [{ name: '', how: 'submit' }],
      traits: system.traits ?? {},
      connect: async () => {
        const client = await system.connect(server);
        clients.push(client);
        return client;
      },
      startWorkers: async (settings, count = 1) => {
        const group = new Workers();
        workers.push(group);
        for (let i = 0; i < count; i++) await group.start(module, server, { number: i, ...settings });
        return group;
      },
    };
    const readings = [];
    for await (const reading of run(bench)) readings.push(reading);
    process.send({ readings });
  } catch (error) {
    process.send({ error: error.stack + (error.cause ? `\ncause: ${error.cause.stack}` : '') });
  } finally {
    // The parent ends this process by its group when it has the message; clients need no orderly end for that.
    for (const group of workers) await group.kill().catch(() => {});
  }
});
