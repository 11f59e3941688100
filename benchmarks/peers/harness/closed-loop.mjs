import { percentile } from './arithmetic.mjs';
import { now } from './clock.mjs';

/**
 * So many callers, each of which makes its next call when the last has been answered.
 * Ends after `count` calls, or with the first call answered later than `milliseconds`.
 * @param call takes the caller's number and the call's
 */
export async function closedLoop({ callers, count = Infinity, milliseconds = Infinity }, call) {
  const latencies = [];
  const begun = now();
  let next = 0;
  const one = async (caller) => {
    while (next < count && now() - begun < milliseconds) {
      const number = next++;
      const start = now();
      await call(caller, number);
      latencies.push(now() - start);
    }
  };
  await Promise.all(Array.from({ length: callers }, (_, caller) => one(caller)));
  const seconds = (now() - begun) / 1000;
  return { rate: latencies.length / seconds, p50: percentile(latencies, 0.5), p99: percentile(latencies, 0.99), latencies, begun };
}
