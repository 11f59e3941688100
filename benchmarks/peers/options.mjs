import { tmpdir } from 'node:os';
import { parseArgs } from 'node:util';
import { measures } from './measures/index.mjs';
import { systems } from './systems/index.mjs';

const names = { systems: Object.keys(systems), measures: Object.keys(measures) };

// option: default, with --quick, what it is
const numbers = {
  seconds: [2, 0.5, 'length of a round of submissions'],
  'warm-up': [4, 0.5, 'seconds of the same work before the first round; counted nowhere'],
  'warm-up-most': [20, 1, 'ours goes on warming up until an answer costs no less than before, up to so many seconds'],
  rounds: [3, 1, 'rounds, of which the median is given'],
  runs: [2000, 200, 'jobs of an end-to-end round'],
  workflows: [500, 50, 'workflows of a round of five steps'],
  'idle-runs': [1000, 20, 'jobs that go one at a time'],
  'idle-seconds': [20, 2, 'after which no further one of them is begun, but for ours'],
  'backoff-tasks': [10_000, 200, 'jobs that fail once and wait an hour'],
  watch: [20, 2, 'seconds that a system at rest is watched'],
  patience: [90, 5, 'seconds that the jobs of a killed worker are waited for'],
};

export const usage = `Measures Headgate and its peers on the same work, durability on, and prints how they compare.

  benchmarks/peers/run [options]

  --peers a,b        of: ${names.systems.slice(1).join(', ')} (default: all)
  --measures a,b     of: ${names.measures.join(', ')} (default: all)
  --no-ours          leave Headgate out: no ratios then
  --quick            everything short: shows that all of it runs, not how fast it is
${Object.entries(numbers).map(([name, [standard, quick, text]]) => `  --${`${name} N`.padEnd(16)} ${text} (default: ${standard}; quick: ${quick})`).join('\n')}
  --out FILE         write the report, as JSON where the name ends in .json, else as Markdown; may be given twice
  --data DIR         where servers keep their files, on the disk that is meant (default: ${tmpdir()})
  --no-build         take the load rig as it was built last
  --install          install what is missing and stop
  --help             this text

Installs what is missing: npm packages beside this program, redis-server and postgresql from Debian (with apt-get, as root or
through sudo). Their system services are not started and not touched. Linux only.
`;

/** Throws with a sentence for the user where they can't be read. */
export function read(arguments_) {
  const flags = ['no-ours', 'quick', 'no-build', 'install', 'help'];
  const types = {
    ...Object.fromEntries([...Object.keys(numbers), 'peers', 'measures', 'data'].map((name) => [name, { type: 'string' }])),
    ...Object.fromEntries(flags.map((name) => [name, { type: 'boolean', default: false }])),
    out: { type: 'string', multiple: true, default: [] },
  };
  const { values } = parseArgs({ args: arguments_, options: types });
  const options = {
    systems: chosen('--peers', values.peers, names.systems.slice(1)),
    measures: chosen('--measures', values.measures, names.measures),
    out: values.out,
    data: values.data ?? tmpdir(),
    ...Object.fromEntries(flags.map((name) => [camel(name), values[name]])),
  };
  for (const [name, [standard, quick]] of Object.entries(numbers)) {
    const number = Number(values[name] ?? (values.quick ? quick : standard));
    if (!(number > 0)) throw new Error(`--${name} must be a number above 0`);
    options[camel(name)] = number;
  }
  if (!options.noOurs) options.systems.unshift('headgate');
  return options;
}

const camel = (name) => name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());

function chosen(option, text, known) {
  const all = text?.split(',') ?? known;
  const odd = all.find((name) => !known.includes(name));
  if (odd !== undefined) throw new Error(`${option}: there is no ${odd || 'empty name'}; there are ${known.join(', ')}`);
  return known.filter((name) => all.includes(name));
}
