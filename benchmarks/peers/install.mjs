import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { programs } from './servers/postgres.mjs';
import { systems } from './systems/index.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const policy = '/usr/sbin/policy-rc.d';

/** Brings what these systems need and is not there. */
export function install(names) {
  const servers = new Set(names.map((name) => systems[name].server).filter(Boolean));
  if (servers.size > 0 && !packagesAreThere()) {
    console.error('… npm install');
    // Takes the versions and checksums of package-lock.json and leaves the file as it is. "npm ci" would refuse it where the registry
    // that made it lacks an optional package of another platform. No package needs its install script here.
    execFileSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: here, stdio: ['ignore', 2, 2] });
  }

  const missing = [];
  if (servers.has('redis') && spawnSync('redis-server', ['--version']).error) missing.push('redis-server');
  if (servers.has('postgres') && !programs()) missing.push('postgresql');
  if (missing.length > 0) apt(missing);
}

const packagesAreThere = () => {
  const installed = `${here}node_modules/.package-lock.json`;
  if (!existsSync(installed)) return false;
  const wanted = JSON.parse(readFileSync(`${here}package-lock.json`, 'utf8')).packages;
  const there = JSON.parse(readFileSync(installed, 'utf8')).packages;
  return Object.entries(wanted).every(([path, { version, optional }]) => path === '' || optional || there[path]?.version === version);
};

function apt(packages) {
  const root = process.getuid() === 0;
  const command = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages];
  if (spawnSync('apt-get', ['--version']).error) throw new Error(`${packages.join(' and ')} must be installed; there is no apt-get to do it`);
  console.error(`… ${command.join(' ')}`);
  // A package's script asks this file before it starts its service; 101 says no. It is taken away again.
  const own = root && !existsSync(policy);
  if (own) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const line = root ? command : ['sudo', '--non-interactive', ...command];
    const run = () => spawnSync(line[0], line.slice(1), { env, stdio: ['ignore', 2, 2] }).status === 0;
    const update = () => spawnSync(root ? 'apt-get' : 'sudo', root ? ['update'] : ['--non-interactive', 'apt-get', 'update'], { stdio: ['ignore', 2, 2] });
    if (!run() && (update(), !run())) throw new Error(`It could not be installed. Do it by hand: ${command.join(' ')}`);
  } finally {
    if (own) rmSync(policy);
  }
}
