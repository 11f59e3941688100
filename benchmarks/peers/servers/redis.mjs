import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { ready, start } from '../harness/children.mjs';
import { freePorts } from './ports.mjs';

/** @param appendfsync everysec (its default: a power failure may lose a second) or always */
export async function open(folder, { appendfsync }) {
  const [port] = await freePorts(1);
  const data = join(folder, 'redis');
  mkdirSync(data);
  const handle = start('redis-server', 'redis-server', [
    '--port', port, '--bind', '127.0.0.1', '--dir', data, '--daemonize', 'no', '--save', '', '--appendonly', 'yes', '--appendfsync', appendfsync,
  ].map(String), { folder });
  await ready(handle, 20_000, () => answers(port));
  return { handle, pid: handle.pid, port };
}

const answers = (port) =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    socket.once('data', (data) => socket.destroy() && resolve(String(data).startsWith('+PONG') ? true : undefined));
    socket.once('error', () => resolve(undefined));
  });
