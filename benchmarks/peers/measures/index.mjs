const rate = (label) => ({ figure: 'rate', label, digits: 0, better: 'more' });
const less = (figure, label, digits) => ({ figure, label, digits, better: 'less' });
const plain = (figure, label, digits) => ({ figure, label, digits });

/** The measures in their order: what each is about, and the columns of its table. */
export const measures = {
  submit: { summary: 'work accepted per second, 32 submitters', columns: [rate('accepted/s'), less('p50', 'p50 ms', 2), less('p99', 'p99 ms', 2)] },
  'end-to-end': {
    summary: 'jobs of one step that does nothing, from the first submission to the last one\'s end',
    columns: [rate('jobs/s'), plain('p50', 'p50 ms', 1), plain('p99', 'p99 ms', 1)],
  },
  idle: { summary: 'one job at a time, submission to end', columns: [less('p50', 'p50 ms', 2), less('p99', 'p99 ms', 2), plain('count', 'jobs', 0)] },
  steps: { summary: 'workflows of five steps in a row that do nothing', columns: [rate('workflows/s'), plain('p50', 'p50 ms', 1), plain('p99', 'p99 ms', 1)] },
  cap: {
    summary: '200 jobs of 50 ms under a cap of 5; 2,000 ms is the least there can be',
    columns: [less('drain', 'drained in ms', 0), plain('most', 'most at once', 0)],
  },
  fairness: {
    summary: 'tenant A has 400 jobs of 50 ms waiting for 5 slots, then B submits 10; taking turns on one pool, these need 200 ms from when a slot is free',
    columns: [less('last', "B's last ended after ms", 0), plain('meanwhile', "of A's ended meanwhile", 0), plain('most', 'most at once', 0)],
  },
  backoff: {
    summary: 'at rest: processor (of one) and memory, empty and with failed jobs that wait an hour',
    columns: [less('cpu', 'server cpu %', 2), less('memory', 'server MB', 0), plain('workerCpu', 'worker cpu %', 2), plain('workerMemory', 'worker MB', 0)],
  },
  recovery: {
    summary: 'worker killed with 50 jobs in flight and started again at once, until all 50 are begun again',
    columns: [less('recovered', 'begun again after ms', 0)],
  },
};
