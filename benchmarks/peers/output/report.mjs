import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import { programs } from '../servers/postgres.mjs';
import { systems } from '../systems/index.mjs';
import { markdown, tables } from './table.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const said = (command, ...args) => execFileSync(command, args, { encoding: 'utf8', cwd: here }).trim();
const versionOf = (name) => JSON.parse(readFileSync(`${here}node_modules/${name}/package.json`, 'utf8')).version;

/** Where figures come from: without it they can't be compared. */
export function provenance(names) {
  const peers = names.filter((name) => systems[name].packages);
  const servers = new Set(peers.map((name) => systems[name].server));
  return {
    date: new Date().toISOString(),
    commit: said('git', 'rev-parse', '--short', 'HEAD') + (said('git', 'status', '--porcelain') ? '+' : ''),
    processors: cpus().length,
    processorName: cpus()[0].model,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    loadBefore: Number(loadavg()[0].toFixed(2)),
    versions: {
      ...Object.fromEntries([...new Set(peers.flatMap((name) => systems[name].packages))].map((name) => [name, versionOf(name)])),
      ...(servers.has('redis') && { 'redis-server': /v=(\S+)/.exec(said('redis-server', '--version'))[1] }),
      ...(servers.has('postgres') && { postgresql: /\) (\S+)/.exec(said(`${programs()}/postgres`, '--version'))[1] }),
    },
  };
}

const sentence = ({ date, commit, processors, processorName, memoryGiB, kernel, node, loadBefore, versions, headgate }) =>
  `${date}, commit ${commit}${headgate ? `, Headgate ${headgate.version} on .NET ${headgate.dotNet}, SQLite ${headgate.sqlite}` : ''}, ${processors} processors (${processorName}), `
  + `${memoryGiB} GiB, Linux ${kernel}, Node ${node}; load of the machine before the run ${loadBefore}. `
  + `Peers: ${Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(', ')}.`;

export function write(path, report) {
  const text = path.endsWith('.json') ? JSON.stringify(report, null, 2) : [
    sentence(report.provenance),
    `\`\`\`\n${report.command}\n\`\`\`\n\nIt took ${report.minutes} minutes. \`×\`: how many times as good as the peer's figure ours is; above 1, ours is ahead. What is measured and how stands in \`benchmarks/peers/README.md\`.`,
    ...tables(report.readings).map(markdown),
    ...report.failures.map((failure) => `Failed: ${failure}`),
  ].join('\n\n').replace(/\n{3,}/g, '\n\n').trimEnd();
  writeFileSync(path, `${text}\n`);
}
