import { execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ready, start } from '../harness/children.mjs';
import { freePorts } from './ports.mjs';

const root = '/usr/lib/postgresql';

/** The folder of the newest server that Debian's packages have installed; undefined without one. */
export const programs = () =>
  (existsSync(root) ? readdirSync(root) : []).sort((a, b) => b - a).map((version) => join(root, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')));

// PostgreSQL refuses to run as root; its package brings this account.
const account = () => {
  if (process.getuid() !== 0) return {};
  const [uid, gid] = ['-u', '-g'].map((flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })));
  return { uid, gid };
};

/** A cluster of its own, as initdb sets it up: fsync and synchronous_commit are on. */
export async function open(folder) {
  const bin = programs();
  const as = account();
  const data = join(folder, 'postgres');
  mkdirSync(data, { mode: 0o700 });
  if (as.uid !== undefined) chownSync(data, as.uid, as.gid);
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'bench', '--auth=trust', '--encoding=UTF8', '--locale=C'], { ...as, cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  const [port] = await freePorts(1);
  const settings = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'on', synchronous_commit: 'on', max_connections: 300 };
  const handle = start(
    'postgres', join(bin, 'postgres'), ['-D', data, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])], { folder, signal: 'SIGINT', cwd: '/', ...as });
  await ready(handle, 30_000, () => {
    execFileSync(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port), '-U', 'bench', '-d', 'postgres'], { stdio: 'ignore' });
    return true;
  });
  return { handle, pid: handle.pid, port, url: `postgresql://bench@127.0.0.1:${port}/postgres` };
}
