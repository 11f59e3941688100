import { useEffect, useRef, useState } from '../html.js';
import { headers } from './api.js';
import { lost, online } from './connection.js';
import { eventParser } from './events.js';
import { refuseKey, session } from './session.js';

/** A proxy that holds events back sends nothing for so long. */
const SILENT_MS = 8000;
/** The service sends a comment every 15 s. */
const DEAD_MS = 40_000;
const AGAIN_MS = 500;
const AFTER_TROUBLE_MS = 30_000;
/** Events that come together are drawn together. */
const GATHER_MS = 40;

/**
 * Follows a stream of events for as long as the view is there. Not `EventSource`: that can't send the key in a header.
 * @param {string | null} path
 * @param {(events: { kind: string, view: any }[]) => void} onEvents
 * @returns {'connecting' | 'live' | 'polling' | 'over'} `polling`: no events come, and the view has to ask
 */
export function useStream(path, onEvents) {
  const [state, setState] = useState('connecting');
  const heard = useRef(onEvents);
  heard.current = onEvents;
  useEffect(() => {
    if (path === null)
      return undefined;
    setState('connecting');
    const ending = new AbortController();
    follow(path, (events) => heard.current(events), setState, ending.signal);
    return () => ending.abort();
  }, [path]);
  return state;
}

async function follow(path, onEvents, setState, ended) {
  const gathered = gather(onEvents, ended);
  let lastId = null;
  while (!ended.aborted) {
    await online();
    await accepted(ended);
    const end = await once(path, lastId, ended, (event) => {
      setState('live');
      lastId = event.id ?? lastId;
      gathered({ kind: event.kind, view: JSON.parse(event.data) });
    });
    if (ended.aborted)
      return;
    if (end === 'over') {
      setState('over');
      return;
    }
    if (end === 'trouble')
      setState('polling');
    await pause(end === 'trouble' ? AFTER_TROUBLE_MS : AGAIN_MS, ended);
  }
}

/** @returns {Promise<'over' | 'again' | 'trouble'>} how one connection ended */
async function once(path, lastId, ended, onEvent) {
  const stop = new AbortController();
  const leave = () => stop.abort();
  ended.addEventListener('abort', leave);
  let timer = setTimeout(leave, SILENT_MS);
  let heardAny = false;
  try {
    const answer = await fetch(path, {
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: { ...headers(), Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
    });
    if (answer.status === 204)
      return 'over';
    if (answer.status === 401) {
      refuseKey();
      return 'again';
    }
    if (!answer.ok || !answer.headers.get('Content-Type')?.startsWith('text/event-stream'))
      return 'trouble';
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const take = eventParser(onEvent);
    while (true) {
      const { done, value } = await reader.read();
      if (done)
        return 'again';
      heardAny = true;
      clearTimeout(timer);
      timer = setTimeout(leave, DEAD_MS);
      take(value);
    }
  } catch {
    if (stop.signal.aborted)
      return heardAny ? 'again' : 'trouble';
    lost();
    return 'again';
  } finally {
    clearTimeout(timer);
    ended.removeEventListener('abort', leave);
  }
}

/** Waits while the key is refused. */
function accepted(ended) {
  if (!session.get().isRefused)
    return Promise.resolve();
  return new Promise((resolve) => {
    const end = session.listen(({ isRefused }) => isRefused || done());
    function done() {
      end();
      resolve();
    }
    ended.addEventListener('abort', done, { once: true });
  });
}

function gather(onEvents, ended) {
  let waiting = [];
  return (event) => {
    waiting.push(event);
    if (waiting.length > 1)
      return;
    setTimeout(() => {
      const events = waiting;
      waiting = [];
      ended.aborted || onEvents(events);
    }, GATHER_MS);
  };
}

function pause(ms, ended) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    ended.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
