import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start, stop } from '../harness/children.mjs';

const repository = fileURLToPath(new URL('../../..', import.meta.url));
const project = join(repository, 'benchmarks', 'Load');
const rig = join(project, 'bin', 'Release', 'net10.0', 'Headgate.Load.dll');

export const build = () => execFileSync('dotnet', ['build', '-c', 'Release', '--nologo', '-v', 'q', project], { stdio: 'inherit' });
export const isBuilt = () => existsSync(rig);

const detail = (reading, name) => reading.details.find((one) => one.name === name)?.value ?? null;
const rates = (reading, name) => ({
  case: name,
  figures: { rate: reading.perSecond, p50: reading.p50Milliseconds, p99: reading.p99Milliseconds },
  rounds: reading.rounds.map((rate) => ({ rate })),
});
const atRest = (versus) => (reading) => ({
  case: reading.case, versus, figures: { cpu: detail(reading, 'of one processor'), memory: detail(reading, 'memory (PSS)') },
});
const recovered = (reading) => ({ case: reading.case, figures: { recovered: detail(reading, 'all handed out again after, median') } });

// The load rig's measure for each of ours, and how its readings become rows. The first row is what peers are held against.
const asked = {
  submit: { measure: 'admit', rows: (all) => all.filter((one) => one.case.includes('no agent')).map((one) => rates(one, `over HTTP, ${one.case}`)) },
  'end-to-end': { measure: 'end-to-end', rows: (all) => all.map((one) => rates(one, one.case)).reverse() },
  idle: {
    measure: 'idle',
    rows: ([one], { idleRuns: count }) => [
      { case: 'over HTTP, end seen by reading the run', figures: { p50: detail(one, 'submit to completion seen p50'), p99: detail(one, 'submit to completion seen p99'), count } },
      { case: "on the server's clock, from admission", figures: { p50: one.p50Milliseconds, p99: one.p99Milliseconds, count } },
    ],
  },
  steps: { measure: 'workflows', rows: (all) => all.map((one) => rates(one, `in process, ${one.case.split(', ').at(-1)}`)) },
  cap: { measure: 'cap', rows: ([one]) => [{ case: one.case, figures: { drain: detail(one, 'drained in, median'), most: detail(one, 'the most at once, seen by the agent') } }] },
  fairness: {
    measure: 'fairness',
    rows: ([one]) => [{
      case: one.case,
      figures: {
        last: detail(one, "B's last ended after, median"), meanwhile: detail(one, "of A's ended meanwhile, median"), most: detail(one, 'the most at once, seen by the agent'),
      },
    }],
  },
  backoff: { measure: 'backoff', rows: ([empty, waiting]) => [atRest('empty')(empty), atRest('waiting')(waiting)] },
  recovery: { measure: 'recovery', rows: (all) => all.map(recovered) },
};

/** Runs one measure of the load rig and turns its report into readings. */
export async function run(name, options, folder) {
  const { measure, rows } = asked[name];
  const report = join(folder, `${measure}.json`);
  const numbers = {
    seconds: options.seconds, 'warm-up': options.warmUp, 'warm-up-most': Math.max(options.warmUp, options.warmUpMost), rounds: options.rounds, runs: options.runs,
    'idle-runs': options.idleRuns, 'backoff-tasks': options.backoffTasks, watch: options.watch, clients: 32, tenants: 100,
  };
  const handle = start('headgate-load', 'dotnet', [
    rig, measure, '--no-limit', '--json', report, '--data', folder, ...Object.entries(numbers).flatMap(([option, value]) => [`--${option}`, String(value)]),
  ], { folder });
  await handle.exit;
  await stop(handle);
  const found = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null;
  if (!found || found.failures.length > 0) throw new Error(found?.failures.join('\n') ?? handle.printed());
  return { readings: rows(found.readings, options), provenance: found.provenance };
}
