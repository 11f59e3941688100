import { at, call } from './api.js';
import { now } from './clock.js';

/** So many tenants are asked for one drawing. */
const MOST = 12;

/**
 * How often each tenant was refused a run today, and would have been by a shadow limit; days are UTC's.
 * @param {string[]} tenantIds
 * @returns {Promise<Record<string, { refused: number, shadow: number }>>} the first of them, and not those whose usage can't be read
 */
export async function refusedToday(tenantIds) {
  const today = new Date(now()).toISOString().slice(0, 10);
  const found = await Promise.all(tenantIds.slice(0, MOST).map(async (id) => {
    const usage = await call(at('tenants', id, 'usage')).catch(() => null);
    const day = usage?.days.find((each) => each.date === today);
    return day && [id, { refused: Object.values(day.refusals).reduce((sum, times) => sum + times, 0), shadow: day.shadowRefusals }];
  }));
  return Object.fromEntries(found.filter(Boolean));
}
