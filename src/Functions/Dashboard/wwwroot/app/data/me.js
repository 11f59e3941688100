import { Refusal, call, withQuery } from './api.js';

/**
 * Who calls, as `GET /me` answers it. A person with an issuer's token may be of several tenants and is asked about one at a time: then `isPerson` is true,
 * `asked` the tenant, and `refusal` why it is not one of theirs; without a tenant `tenantId` is null.
 * @param {string | null} tenant of the view that is open
 * @param {string} [key] the session's if left out
 * @returns {Promise<any>}
 * @throws {Refusal | import('./api.js').Away}
 */
export async function readMe(tenant, key) {
  const me = await call('/me', { key });
  if (me.kind !== 'member' || me.tenantId)
    return me;
  if (!tenant)
    return { ...me, isPerson: true, asked: null };
  try {
    return { ...await call(withQuery('/me', { tenant }), { key }), isPerson: true, asked: tenant };
  } catch (failure) {
    if (failure instanceof Refusal && (failure.status === 404 || failure.status === 400))
      return { ...me, isPerson: true, asked: tenant, refusal: failure };
    throw failure;
  }
}
