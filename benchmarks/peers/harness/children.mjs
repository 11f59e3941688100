import { spawn } from 'node:child_process';
import { existsSync, openSync, closeSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './clock.mjs';

const running = new Set();
let closed = false;

// Has the kernel end a child whose parent was killed without a chance to do it.
const setpriv = ['/usr/bin/setpriv', '/bin/setpriv'].find(existsSync);

/**
 * A process that leads a group of its own, so that Ctrl+C reaches it through stopAll alone.
 * What it prints goes to a file in `folder`, unless `inherit` names the streams to pass on.
 */
export function start(name, command, args, { folder, signal = 'SIGTERM', ipc = false, inherit = false, ...options }) {
  if (closed) throw new Error('the run is ending');
  const log = join(folder, `${name}.log`);
  const file = openSync(log, 'a');
  const out = inherit ? 'inherit' : file;
  const line = setpriv ? [setpriv, '--pdeathsig', signal.slice(3), command, ...args] : [command, ...args];
  const child = spawn(line[0], line.slice(1), { ...options, detached: true, stdio: ipc ? ['ignore', out, out, 'ipc'] : ['ignore', out, out] });
  closeSync(file);
  const handle = { name, child, pid: child.pid, signal, ended: false };
  handle.printed = () => readFileSync(log, 'utf8').split('\n').slice(-15).join('\n');
  handle.exit = new Promise((resolve) => {
    child.once('error', (error) => (handle.ended = true) && resolve({ error }));
    child.once('exit', (code, by) => (handle.ended = true) && resolve({ code, by }));
  });
  handle.exit.then(() => running.delete(handle));
  running.add(handle);
  return handle;
}

/** Waits until it serves; throws with what it printed when it ends first. */
export const ready = (handle, milliseconds, attempt) =>
  eventually(`${handle.name} serves`, milliseconds, () => {
    if (handle.ended) throw Object.assign(new Error(`${handle.name} ended:\n${handle.printed()}`), { fatal: true });
    return attempt();
  });

const send = (target, signal) => {
  try {
    process.kill(target, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
};

/** Ends it by its own signal; what is left of its group after ten seconds is killed. */
export async function stop(handle) {
  if (!handle.ended) {
    send(handle.pid, handle.signal);
    const timer = setTimeout(() => send(-handle.pid, 'SIGKILL'), 10_000);
    await handle.exit;
    clearTimeout(timer);
  }
  if (handle.pid) send(-handle.pid, 'SIGKILL');
}

/** Ends all that run; from then on nothing starts. */
export function stopAll() {
  closed = true;
  return Promise.all([...running].map(stop));
}
