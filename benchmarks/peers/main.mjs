import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { start, stop, stopAll } from './harness/children.mjs';
import { now } from './harness/clock.mjs';
import { install } from './install.mjs';
import { read, usage } from './options.mjs';
import { provenance, write } from './output/report.mjs';
import { plain, tables } from './output/table.mjs';
import * as headgate from './systems/headgate.mjs';
import { systems } from './systems/index.mjs';

const driver = fileURLToPath(new URL('harness/driver.mjs', import.meta.url));
let folder;
let ending = false;

/** One measure on one system with a server of its own, all of which is gone afterwards. */
async function measure(name, system, options, place) {
  if (system === 'headgate') return headgate.run(name, options, place);
  const { module, server: kind, settings } = systems[system];
  const server = await (await import(`./servers/${kind}.mjs`)).open(place, settings(name));
  const { handle, ...address } = server;
  const child = start('driver', process.execPath, [driver], { folder: place, ipc: true });
  const answer = new Promise((resolve) => child.child.once('message', resolve));
  child.child.send({ measure: name, module, server: address, options });
  try {
    const { readings, error } = await Promise.race([answer, child.exit.then(() => ({ error: `it ended:\n${child.printed()}` }))]);
    if (error) throw new Error(`${error}\n${handle.ended ? handle.printed() : ''}`.trimEnd());
    return { readings };
  } finally {
    await stop(child);
    await stop(handle);
  }
}

async function measureAll(options, report) {
  for (const name of options.measures) {
    for (const system of options.systems) {
      if (ending) return;
      const begun = now();
      const place = mkdtempSync(join(folder, 'part-'));
      // The account that PostgreSQL runs under has to get through.
      chmodSync(place, 0o711);
      try {
        const found = await measure(name, system, options, place);
        report.readings.push(...found.readings.map((reading) => ({ measure: name, system, ...reading })));
        if (found.provenance) report.provenance.headgate = found.provenance;
      } catch (error) {
        report.failures.push(`${name}, ${systems[system].title}: ${error.message}`);
      }
      console.error(`… ${name}, ${systems[system].title}: ${((now() - begun) / 1000).toFixed(1)} s${report.failures.at(-1)?.startsWith(`${name}, ${systems[system].title}:`) ? ', FAILED' : ''}`);
      rmSync(place, { recursive: true, force: true });
    }
  }
}

async function end(code) {
  ending = true;
  await stopAll();
  if (folder) rmSync(folder, { recursive: true, force: true });
  process.exit(code);
}

let options;
try {
  options = read(process.argv.slice(2));
} catch (error) {
  console.error(`${error.message}\nbenchmarks/peers/run --help lists the options.`);
  process.exit(2);
}
if (options.help) {
  console.log(usage);
  process.exit(0);
}

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) {
  process.once(signal, () => {
    console.error('… ending what was started');
    void end(code);
  });
}

install(options.systems);
if (!options.noOurs && (!options.noBuild || !headgate.isBuilt())) headgate.build();
if (options.install) process.exit(0);
folder = mkdtempSync(join(options.data, 'headgate-peers-'));
chmodSync(folder, 0o711);
const begun = now();
const report = { provenance: provenance(options.systems), command: `benchmarks/peers/run ${process.argv.slice(2).join(' ')}`.trimEnd(), minutes: 0, readings: [], failures: [] };
await measureAll(options, report);
// A signal has begun to end the run and exits by itself.
if (ending) await new Promise(() => {});
report.minutes = Math.round((now() - begun) / 6000) / 10;
console.log(`\n×: how many times as good as the peer's figure ours is; above 1, ours is ahead.\n`);
for (const table of tables(report.readings)) console.log(plain(table));
for (const failure of report.failures) console.log(`FAILED ${failure}`);
for (const path of options.out) write(path, report);
await end(report.failures.length === 0 ? 0 : 1);
