import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { eventually } from './clock.mjs';

const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** What worker processes have done so far, and the processes themselves. */
export class Workers {
  done = [];
  spans = [];
  started = [];
  failed = 0;
  #children = [];
  #error;
  #wake = () => {};

  get pids() {
    return this.#children.map((child) => child.pid);
  }

  async start(module, server, settings) {
    const child = fork(file('worker.mjs'));
    this.#children.push(child);
    await new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`a worker ended with ${code}`)));
      child.on('message', (message) => (message.ready ? resolve() : this.#take(message)));
      child.send({ module, server, settings });
    });
    child.once('exit', () => {
      if (this.#children.includes(child)) this.#error = new Error('a worker ended');
      this.#wake();
    });
  }

  /** Waits until what was told by now satisfies it. */
  async until(what, patience, satisfied) {
    const deadline = setTimeout(() => (this.#error = new Error(`${what}: not within ${patience / 1000} s`)) && this.#wake(), patience);
    try {
      while (!satisfied()) {
        if (this.#error) throw this.#error;
        await new Promise((resolve) => (this.#wake = resolve));
      }
    } finally {
      clearTimeout(deadline);
      this.#error = undefined;
    }
  }

  /** SIGKILL to all of them. */
  async kill() {
    const children = this.#children.splice(0);
    for (const child of children) child.kill('SIGKILL');
    await eventually('the workers end', 5000, () => (children.every((child) => child.signalCode) ? true : undefined));
  }

  #take(message) {
    this.done.push(...message.done);
    this.spans.push(...message.spans);
    this.started.push(...message.started);
    this.failed += message.failed;
    this.#wake();
  }
}

/**
 * The bare web server before a peer's client, in a process of its own.
 * @param tenants with id, key and cap, where the peer's gate is to check keys and caps
 */
export async function startFront(module, server, tenants) {
  const child = fork(file('front.mjs'));
  const port = await new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the web server ended with ${code}`)));
    child.once('message', (message) => resolve(message.port));
    child.send({ module, server, tenants });
  });
  return { port, stop: () => child.kill('SIGKILL') };
}
