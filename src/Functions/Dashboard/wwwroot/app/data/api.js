import { noteDate } from './clock.js';
import { lost } from './connection.js';
import { refuseKey, session } from './session.js';

/** The service said no. `code` is stable, `message` its sentence, `details` each problem of what was sent. */
export class Refusal extends Error {
  /** @param {number} status @param {any} body */
  constructor(status, body) {
    super(body?.reason ?? body?.message ?? body?.error ?? `The service answered ${status}.`);
    this.status = status;
    this.title = body?.error ?? `HTTP ${status}`;
    this.code = body?.code ?? `http-${status}`;
    this.details = body?.details ?? [];
    this.requestId = body?.requestId ?? null;
    this.retryAfter = body?.retryAfter ?? null;
    this.body = body;
    /** There is no such thing, or not for this caller. */
    this.isGone = status === 404 || status === 403;
  }
}

/** Nothing answered, or something that is not the service. */
export class Away extends Error {
  constructor() {
    super('The service does not answer.');
  }
}

/** @param {string} [key] the session's if left out */
export function headers(key = session.get().key) {
  return key ? { Authorization: `Bearer ${key}`, Accept: 'application/json' } : { Accept: 'application/json' };
}

/**
 * Calls the service.
 * @param {string} path from its root
 * @param {{ method?: string, body?: object, key?: string, idempotencyKey?: string, signal?: AbortSignal }} [options]
 * @returns {Promise<any>} the body, or null where there is none
 * @throws {Refusal | Away}
 */
export async function call(path, { method = 'GET', body, key, idempotencyKey, signal } = {}) {
  const used = key ?? session.get().key;
  let answer;
  let text;
  try {
    answer = await fetch(path, {
      method,
      signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: { ...headers(used), ...(body ? { 'Content-Type': 'application/json' } : {}), ...(idempotencyKey ? { 'Idempotency-Key': idempotencyKey } : {}) },
      body: body ? JSON.stringify(body) : undefined,
    });
    text = await answer.text();
  } catch (failure) {
    if (signal?.aborted)
      throw failure;
    lost();
    throw new Away();
  }
  noteDate(answer.headers.get('Date'));
  let parsed = null;
  try {
    parsed = text ? JSON.parse(text) : null;
  } catch {
    // A proxy's own page: the service is not behind it.
    lost();
    throw new Away();
  }
  if (answer.ok)
    return parsed;
  if (answer.status === 401 && !key && used === session.get().key)
    refuseKey();
  throw new Refusal(answer.status, parsed);
}

/** For one intent, however often it is sent. Not `randomUUID`: that is missing where the page came without TLS. */
export const newIdempotencyKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * The pages of a list, one after the other.
 * @param {string} path
 * @param {number} most items
 * @returns {Promise<any[] & { isCut: boolean }>} `isCut`: there are more than `most`
 */
export async function all(path, most = 1000) {
  const items = [];
  let after = null;
  do {
    const page = await call(withQuery(path, { limit: 100, after }));
    items.push(...page.items);
    after = page.next;
  } while (after && items.length < most);
  return Object.assign(items, { isCut: Boolean(after) });
}

/** @param {string} path @param {Record<string, any>} values those that are null or empty are left out */
export function withQuery(path, values) {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== ''));
  const text = query.toString();
  return text ? `${path}${path.includes('?') ? '&' : '?'}${text}` : path;
}

/** A path of segments, each escaped. @param {...string} segments */
export const at = (...segments) => '/' + segments.map(encodeURIComponent).join('/');
