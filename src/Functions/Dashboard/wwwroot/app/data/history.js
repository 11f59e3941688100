import { now } from './clock.js';
import { useCall } from './polling.js';

const EVERY_MS = 2000;
/** Samples of the queues, kept while the page is open: the service itself keeps none. */
const MOST = 900;

const samples = [];

/** Reads `GET /queues`; every view that does adds to the same samples. */
export function useQueues() {
  const read = useCall('/queues', EVERY_MS);
  if (read.data && samples.at(-1)?.view !== read.data) {
    samples.push({ at: now(), view: read.data });
    if (samples.length > MOST)
      samples.shift();
  }
  return read;
}

/** As columns, times first, in seconds. @param {(view: any) => number[]} values */
export function columns(values) {
  const rows = samples.map(({ at, view }) => [at / 1000, ...values(view)]);
  return rows.length === 0 ? [] : rows[0].map((_, column) => rows.map((row) => row[column]));
}

export const since = () => samples[0]?.at ?? null;
