import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ready, start } from '../harness/children.mjs';
import { freePorts } from './ports.mjs';

const program = fileURLToPath(new URL(`../node_modules/@restatedev/restate-server-${process.platform}-${process.arch}/bin/restate-server`, import.meta.url));

/** @param flowControl whether its scheduler of limits is on, which is off unless asked for */
export async function open(folder, { flowControl }) {
  if (!existsSync(program)) throw new Error(`the npm package of restate-server has no program for ${process.platform}-${process.arch}`);
  const [node, ingress, admin, endpoint] = await freePorts(4);
  const data = join(folder, 'restate');
  mkdirSync(data);
  const env = {
    ...process.env,
    RESTATE_BASE_DIR: data,
    RESTATE_LISTEN_MODE: 'tcp',
    RESTATE_BIND_IP: '127.0.0.1',
    RESTATE_BIND_PORT: node,
    RESTATE_INGRESS__BIND_PORT: ingress,
    RESTATE_ADMIN__BIND_PORT: admin,
    RESTATE_DISABLE_TELEMETRY: 'true',
    RESTATE_LOG_FILTER: 'error',
    RESTATE_BIFROST__LOCAL__ROCKSDB_DISABLE_WAL_FSYNC: 'false',
    RESTATE_LOG_SERVER__ROCKSDB_DISABLE_WAL_FSYNC: 'false',
    ...(flowControl && {
      RESTATE_EXPERIMENTAL_ENABLE_VQUEUES: 'true',
      RESTATE_EXPERIMENTAL_ENABLE_PROTOCOL_V7: 'true',
      // Partitions look for new rules this often: 30 s unless set.
      RESTATE_WORKER__RULE_BOOK_POLL_INTERVAL: '1s',
    }),
  };
  const handle = start('restate-server', program, ['--no-logo'], { folder, cwd: data, env });
  await ready(handle, 60_000, async () => {
    const answers = await Promise.all([`http://127.0.0.1:${ingress}/restate/health`, `http://127.0.0.1:${admin}/health`].map((url) => fetch(url)));
    return answers.every((answer) => answer.ok) ? true : undefined;
  });
  return { handle, pid: handle.pid, ingress, admin, endpoint };
}
