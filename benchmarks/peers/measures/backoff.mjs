import { now, sleep } from '../harness/clock.mjs';
import { closedLoop } from '../harness/closed-loop.mjs';
import { memoryMegabytes, processorSeconds, withDescendants } from '../harness/processes.mjs';

const patience = 300_000;
const settle = 10_000;

/** What server and worker use while nothing waits, then while so many failed once and wait an hour for their next attempt. */
export async function* run({ options, server, cases, traits, connect, startWorkers }) {
  for (const one of cases) {
    const workers = await startWorkers({ kind: 'fail', slots: traits.slots });
    const client = await connect();
    const watch = async (name, versus) => {
      await sleep(Math.min(settle, options.watch * 1000));
      return { case: name, versus, figures: await watched(server.pid, workers.pids, options.watch) };
    };
    yield await watch('nothing waits', 'empty');
    const failing = traits.parks !== true;
    await closedLoop({ callers: 32, count: options.backoffTasks }, (caller) => client.submit('fail', now(), caller, !failing));
    if (failing) await workers.until(`${options.backoffTasks} failed`, patience, () => workers.failed >= options.backoffTasks);
    yield await watch(`${options.backoffTasks} wait${one.name && `, ${one.name}`}${failing ? '' : ', scheduled and not failed before'}`, 'waiting');
  }
}

async function watched(server, workers, seconds) {
  const read = () => [processorSeconds(withDescendants(server)), processorSeconds(workers), now()];
  const [serverBefore, workersBefore, begun] = read();
  await sleep(seconds * 1000);
  const [serverAfter, workersAfter, ended] = read();
  const share = (used) => (used / ((ended - begun) / 1000)) * 100;
  const [serverMemory, workerMemory] = [memoryMegabytes(withDescendants(server)), memoryMegabytes(workers)];
  return {
    cpu: share(serverAfter - serverBefore),
    memory: serverMemory,
    workerCpu: share(workersAfter - workersBefore),
    workerMemory,
  };
}
