import { connect } from 'node:net';

/** A POST with a JSON body, as it goes over the wire. */
export function post(path, body, headers = {}) {
  const text = JSON.stringify(body);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n${lines}Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`;
}

/**
 * A keep-alive connection that carries one request at a time and reads no more of an answer than its status and length:
 * on a machine that client and server share, a client that does much slows what it measures.
 */
export class Connection {
  #socket;
  #waiting = null;
  #text = '';

  constructor(port) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (chunk) => this.#read(chunk));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#fail(new Error('the server closed the connection')));
  }

  /** @returns the answer's body; throws unless its status is 200 to 299 */
  send(request) {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  #read(chunk) {
    this.#text += chunk;
    const end = this.#text.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#text.slice(0, end);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head);
    const chunked = !length && /\r\ntransfer-encoding: *chunked/i.test(head);
    if (chunked ? !this.#text.endsWith('0\r\n\r\n') : this.#text.length < end + 4 + Number(length?.[1] ?? 0)) return;
    const { resolve, reject } = this.#waiting;
    const body = this.#text.slice(end + 4);
    this.#waiting = null;
    this.#text = '';
    if (head[9] === '2') resolve(body);
    else reject(new Error(`${head.split('\r\n')[0]}: ${body}`));
  }

  #fail(error) {
    this.#waiting?.reject(error);
    this.#waiting = null;
  }
}
