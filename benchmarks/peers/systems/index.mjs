/**
 * What is measured. Each stands for a module in this folder and, but for ours, for a server that is started anew for every measure.
 * `packages` are those whose versions the report gives.
 */
export const systems = {
  headgate: { title: 'Headgate' },
  bullmq: { title: 'BullMQ, AOF everysec', module: 'bullmq', server: 'redis', settings: () => ({ appendfsync: 'everysec' }), packages: ['bullmq', 'ioredis'] },
  'bullmq-always': { title: 'BullMQ, AOF always', module: 'bullmq', server: 'redis', settings: () => ({ appendfsync: 'always' }), packages: ['bullmq', 'ioredis'] },
  'pg-boss': { title: 'pg-boss', module: 'pg-boss', server: 'postgres', settings: () => ({}), packages: ['pg-boss', 'pg'] },
  'graphile-worker': { title: 'graphile-worker', module: 'graphile-worker', server: 'postgres', settings: () => ({}), packages: ['graphile-worker', 'pg'] },
  dbos: { title: 'DBOS', module: 'dbos', server: 'postgres', settings: () => ({}), packages: ['@dbos-inc/dbos-sdk', 'pg'] },
  restate: {
    title: 'Restate',
    module: 'restate',
    server: 'restate',
    // Limits need its flow control, which is off unless asked for and costs the other measures something.
    settings: (measure) => ({ flowControl: ['cap', 'fairness'].includes(measure) }),
    packages: ['@restatedev/restate-server', '@restatedev/restate-sdk'],
  },
};
