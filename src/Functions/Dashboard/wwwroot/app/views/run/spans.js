/**
 * What a task did, one stretch after the other.
 * @typedef {{ from: number, to: number, kind: 'ready' | 'attempt' | 'backoff', tone: string, title: string, isOpen?: boolean }} Span
 */

const ENDED = { success: 'good', failure: 'bad', cancelled: 'soft' };

/**
 * @param {any} task
 * @param {number} now in milliseconds
 * @returns {Span[]} in order of time
 */
export function spansOf(task, now) {
  const attempts = [...task.attempts].sort((a, b) => a.attempt - b.attempt);
  const spans = [];
  attempts.forEach((attempt, index) => {
    const from = Date.parse(attempt.startedAt);
    const to = attempt.finishedAt ? Date.parse(attempt.finishedAt) : now;
    const end = attempt.outcome ?? 'holds the lease';
    spans.push({
      from, to, kind: 'attempt', isOpen: !attempt.finishedAt, tone: ENDED[attempt.outcome] ?? 'busy',
      title: `attempt ${attempt.attempt} on ${attempt.agentId}: ${end}${attempt.errorCategory ? ` (${attempt.errorCategory})` : ''}`,
    });
    const next = attempts[index + 1];
    if (attempt.finishedAt && next)
      spans.push({ from: to, to: Date.parse(next.startedAt), kind: 'backoff', tone: 'wait', title: `waits before attempt ${next.attempt}` });
    else if (attempt.finishedAt && task.status === 'backoff')
      spans.push({ from: to, to: Math.max(now, Date.parse(task.nextRetryAt)), kind: 'backoff', tone: 'wait', isOpen: true, title: `backs off until ${task.nextRetryAt}` });
    else if (attempt.finishedAt && task.status === 'ready')
      spans.push({ from: to, to: now, kind: 'ready', tone: 'wait', isOpen: true, title: 'waits for an agent' });
  });
  return spans;
}

/**
 * When a task had what it needs, in milliseconds: it waited for an agent from then on. Null while it has not.
 * @param {any} task
 * @param {Map<string, any>} tasks of the run, by name
 * @param {string | null} startedAt the run's
 */
export function readyAt(task, tasks, startedAt) {
  if (!startedAt)
    return null;
  const ends = task.needs.map((name) => tasks.get(name)).map((need) => {
    if (need?.status !== 'completed')
      return null;
    // One that an earlier run completed has no attempt in this.
    const end = need.attempts.map((attempt) => attempt.finishedAt).filter(Boolean).sort().at(-1);
    return end ? Date.parse(end) : Date.parse(startedAt);
  });
  return ends.includes(null) ? null : Math.max(Date.parse(startedAt), ...ends);
}

/** The stretch from being ready to the first attempt. @param {any} task @param {number | null} ready @param {number} now @returns {Span | null} */
export function firstWait(task, ready, now) {
  const starts = task.attempts.map((attempt) => Date.parse(attempt.startedAt));
  const to = starts.length > 0 ? Math.min(...starts) : task.status === 'ready' ? now : null;
  return ready !== null && to !== null && to > ready ? { from: ready, to, kind: 'ready', tone: 'wait', isOpen: starts.length === 0, title: 'waits for an agent' } : null;
}
