import { FlowProducer, Queue, Worker } from 'bullmq';
import { openGate } from './bullmq-gate.mjs';

const steps = 5;
const removal = { removeOnComplete: 1000 };

// Tenants that take turns (groups) are in its paid version.
export const cases = { fairness: [{ name: 'one queue in the order of submission, 5 shared slots' }] };

export const traits = { slots: 10, cap: { processes: 2, slots: 20 }, gate: true };

const connection = ({ port }) => ({ host: '127.0.0.1', port, maxRetriesPerRequest: null });

export async function connect(server) {
  const queue = new Queue('work', { connection: connection(server) });
  const flows = new FlowProducer({ connection: connection(server) });
  await queue.waitUntilReady();
  return {
    gate: () => openGate(queue, removal),
    prepareCap: (cap) => queue.setGlobalConcurrency(cap),
    submit(kind, tag) {
      if (kind === 'steps') return flows.add(chain(tag));
      const retry = kind === 'fail' ? { attempts: 2, backoff: { type: 'fixed', delay: 3_600_000 } } : {};
      return queue.add(kind, { tag }, { ...removal, ...retry });
    },
  };
}

/** Five jobs of which each waits for the one before; the last one's end is the chain's. */
function chain(tag) {
  let job;
  for (let step = 1; step <= steps; step++) {
    job = { name: 'step', queueName: 'work', data: step === steps ? { tag } : {}, opts: removal, ...(job && { children: [job] }) };
  }
  return job;
}

export async function work(server, { kind, slots }, report) {
  const handler = report.handlers[kind] ?? report.handlers.nothing;
  const worker = new Worker('work', (job) => handler(job.data.tag), { connection: connection(server), concurrency: slots });
  // Told when the server has recorded the completion.
  worker.on('completed', (job) => job.data.tag !== undefined && report.done(job.data.tag));
  worker.on('error', (error) => console.error(error));
  await worker.waitUntilReady();
}
