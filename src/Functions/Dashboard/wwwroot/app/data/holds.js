import { all, at, call } from './api.js';

/** So many tenants are looked into for one drawing; of the rest only their own numbers are known. */
const MOST = 12;

/**
 * What holds a tenant's work back.
 * @typedef {{ code: string, message: string, since?: string, runId?: string, resource?: string }} Hold
 */

/** What a tenant's own numbers say. @returns {Hold | null} */
export function holdOf(tenant) {
  const { status, pause, limits, inFlight, runsThisMonth, waitingRuns } = tenant;
  if (status === 'paused')
    return { code: 'paused', message: pause?.reason || 'paused', since: pause?.at };
  if (status !== 'active')
    return { code: status, message: `The tenant is ${status}: it gets no runs.` };
  if (runsThisMonth >= limits.maxMonthlyRuns)
    return { code: 'month', message: 'The month’s runs are used up.' };
  if (waitingRuns > 0 && inFlight >= limits.maxConcurrentRuns)
    return { code: 'cap', message: `All ${limits.maxConcurrentRuns} slots are taken.` };
  if (inFlight >= limits.maxConcurrentRuns)
    return { code: 'at-cap', message: 'At its cap: the next run waits or is refused.' };
  return null;
}

/**
 * Looks into the tenants whose tasks wait and whose numbers don't say why.
 * @param {string[]} tenantIds
 * @returns {Promise<Record<string, Hold | null>>} those that were looked into; null: nothing holds them
 */
export async function lookInto(tenantIds) {
  const found = await Promise.all(tenantIds.slice(0, MOST).map(async (id) => [id, await cause(id).catch(() => undefined)]));
  return Object.fromEntries(found.filter(([, hold]) => hold !== undefined));
}

/** @returns {Promise<Hold | null>} */
async function cause(tenantId) {
  const resources = await all(at('tenants', tenantId, 'resources'), 100);
  const shut = resources.find((resource) => resource.state === 'held') ?? resources.find((resource) => resource.state === 'open');
  if (shut)
    return { code: `resource-${shut.state}`, message: `${shut.name}: ${shut.reason ?? shut.state}`, since: shut.since, resource: shut.name };
  const { items } = await call(at('tenants', tenantId, 'runs') + '?status=running&limit=1');
  if (items.length === 0)
    return null;
  const { causes } = await call(at('tenants', tenantId, 'runs', items[0].runId, 'explain'));
  const first = causes.find((each) => each.code !== 'nothing' && each.code !== 'needs') ?? causes.find((each) => each.code !== 'nothing');
  return first ? { code: first.code, message: first.message, since: first.since, runId: items[0].runId } : null;
}
