import { createServer } from 'node:net';

const free = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/** So many different ports of 127.0.0.1 that nobody listens on now. */
export async function freePorts(count) {
  const ports = new Set();
  while (ports.size < count) ports.add(await free());
  return [...ports];
}
