import { readFileSync, readdirSync } from 'node:fs';

const ticksPerSecond = 100; // USER_HZ

const statOf = (pid) => {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
};

// What has ended meanwhile counts as nothing.
const ifThere = (read) => {
  try {
    return read();
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return 0;
    throw error;
  }
};

/** A process and all that descend from it. */
export function withDescendants(root) {
  const parents = new Map();
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name)) parents.set(Number(name), ifThere(() => Number(statOf(name)[1])));
  }
  const found = [root];
  for (const pid of found) {
    for (const [child, parent] of parents) if (parent === pid) found.push(child);
  }
  return found;
}

/**
 * Seconds of processor time that these have used so far, in steps of 10 ms, with what those of their children used that have ended:
 * PostgreSQL ends the process of a connection with it.
 */
export const processorSeconds = (pids) =>
  pids.reduce((sum, pid) => sum + ifThere(() => statOf(pid).slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0) / ticksPerSecond), 0);

/** Memory of these, shared pages divided among those that share them (PSS), in megabytes of a million bytes. */
export const memoryMegabytes = (pids) =>
  pids.reduce((sum, pid) => sum + ifThere(() => Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))[1]) * 1024 / 1e6), 0);
