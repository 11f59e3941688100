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
/** So many connections in a row that come to nothing are trouble, whatever else is answered meanwhile. */
const FAILURES = 3;
/** Events that come together are drawn together. */
const GATHER_MS = 40;

/**
 * Follows a stream of events for as long as the view is there and seen: a browser has six connections to a service without HTTP/2, for all its tabs.
 * Not `EventSource`: that can't send the key in a header.
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
    const known = { lastId: null, isOver: false };
    let ending = null;

    function turn() {
      if (document.hidden) {
        ending?.abort();
        ending = null;
      } else if (!ending && !known.isOver) {
        ending = new AbortController();
        setState('connecting');
        follow(path, known, (events) => heard.current(events), setState, ending.signal);
      }
    }

    document.addEventListener('visibilitychange', turn);
    turn();
    return () => {
      document.removeEventListener('visibilitychange', turn);
      ending?.abort();
    };
  }, [path]);
  return state;
}

/** @param {{ lastId: string | null, isOver: boolean }} known outlasts each connection */
async function follow(path, known, onEvents, setState, ended) {
  const gathered = gather((events) => {
    // Not before they are shown: what is dropped on the way to the background has to come again.
    known.lastId = events.findLast((event) => event.id)?.id ?? known.lastId;
    onEvents(events);
  }, ended);
  let failures = 0;
  while (!ended.aborted) {
    await online();
    await accepted(ended);
    if (ended.aborted)
      return;
    const end = await once(path, known.lastId, ended, {
      // Who comes back is told nothing while nothing is new; a first stream begins with events.
      onText: () => known.lastId !== null && setState('live'),
      onEvent(event) {
        setState('live');
        failures = 0;
        gathered({ kind: event.kind, view: JSON.parse(event.data), id: event.id });
      },
    });
    if (ended.aborted)
      return;
    if (end === 'over') {
      known.isOver = true;
      setState('over');
      return;
    }
    failures = end === 'again' ? 0 : failures + 1;
    const isTrouble = end === 'trouble' || failures >= FAILURES;
    if (isTrouble)
      setState('polling');
    await pause(end === 'trouble' ? AFTER_TROUBLE_MS : Math.min(AGAIN_MS * 2 ** failures, AFTER_TROUBLE_MS), ended);
  }
}

/** @returns {Promise<'over' | 'again' | 'failed' | 'trouble'>} how one connection ended: `failed` if it may well be better at once, `trouble` if it hardly will */
async function once(path, lastId, ended, { onText, onEvent }) {
  const stop = new AbortController();
  const leave = () => stop.abort();
  ended.addEventListener('abort', leave);
  const { key } = session.get();
  const began = performance.now();
  let timer = setTimeout(leave, SILENT_MS);
  let heardAny = false;
  try {
    const answer = await fetch(path, {
      signal: stop.signal,
      cache: 'no-store',
      credentials: 'omit',
      headers: { ...headers(key), Accept: 'text/event-stream', ...(lastId ? { 'Last-Event-ID': lastId } : {}) },
    });
    if (answer.status === 204)
      return 'over';
    if (answer.status === 401) {
      if (session.get().key === key)
        refuseKey();
      return 'again';
    }
    if (!answer.ok || !answer.headers.get('Content-Type')?.startsWith('text/event-stream'))
      return 'trouble';
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    const take = eventParser(onEvent);
    while (true) {
      const { done, value } = await reader.read();
      // A stream ends in good order when it has lasted.
      if (done)
        return performance.now() - began > SILENT_MS ? 'again' : 'failed';
      heardAny = true;
      onText();
      clearTimeout(timer);
      timer = setTimeout(leave, DEAD_MS);
      take(value);
    }
  } catch {
    if (stop.signal.aborted)
      return heardAny ? 'failed' : 'trouble';
    lost();
    return 'failed';
  } finally {
    clearTimeout(timer);
    ended.removeEventListener('abort', leave);
    // A body that nobody reads would hold its connection.
    stop.abort();
  }
}

/** Waits while the key is refused. */
function accepted(ended) {
  if (!session.get().isRefused || ended.aborted)
    return Promise.resolve();
  return new Promise((resolve) => {
    const end = session.listen(({ isRefused }) => isRefused || done());
    function done() {
      end();
      ended.removeEventListener('abort', done);
      resolve();
    }
    ended.addEventListener('abort', done);
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
    const timer = setTimeout(done, ms);
    function done() {
      clearTimeout(timer);
      ended.removeEventListener('abort', done);
      resolve();
    }
    ended.addEventListener('abort', done);
  });
}
