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
 * When each task had what it needed: it waited for an agent from then on.
 * @param {{ at: string, kind: string, taskName?: string }[]} items of the run's timeline
 * @returns {Map<string, number>}
 */
export function readyTimes(items) {
  return new Map(items.filter((item) => item.kind === 'task-ready').map((item) => [item.taskName, Date.parse(item.at)]));
}

/** The stretch from being ready to the first attempt. @returns {Span | null} */
export function firstWait(task, readyAt, now) {
  const first = task.attempts[0];
  const to = first ? Date.parse(first.startedAt) : task.status === 'ready' ? now : null;
  return readyAt && to && to > readyAt ? { from: readyAt, to, kind: 'ready', tone: 'wait', isOpen: !first, title: 'waits for an agent' } : null;
}
