import { createStore } from './store.js';

const NAME = 'headgate.key';

/**
 * Who is signed in. `key` is null before anybody is; `isRefused` once the service has refused the key: the view stays, and asks for another.
 * `reader` is another number whenever somebody signs in who may see other things.
 * @typedef {{ key: string | null, me: object | null, isRefused: boolean, reader: number }} Session
 */
export const session = createStore({ key: stored(), me: null, isRefused: false, reader: 0 });

/** @returns {string | null} */
function stored() {
  try {
    return sessionStorage.getItem(NAME) ?? localStorage.getItem(NAME);
  } catch {
    return null;
  }
}

/** @param {string} key @param {object} me @param {boolean} isRemembered past the end of the tab */
export function signIn(key, me, isRemembered) {
  forget();
  try {
    (isRemembered ? localStorage : sessionStorage).setItem(NAME, key);
  } catch {
    // Without storage the key lasts as long as the page.
  }
  const before = session.get();
  const isSame = before.me && ['kind', 'role', 'tenantId'].every((name) => before.me[name] === me[name]);
  session.set({ key, me, isRefused: false, reader: before.reader + (isSame ? 0 : 1) });
}

export function signOut() {
  forget();
  session.set({ ...session.get(), key: null, me: null, isRefused: false });
}

/** The service takes the key no longer, or never took it. */
export function refuseKey() {
  forget();
  session.set({ ...session.get(), isRefused: true });
}

/** @param {object} me the answer to `GET /me` */
export function recognise(me) {
  session.set({ ...session.get(), me });
}

function forget() {
  try {
    sessionStorage.removeItem(NAME);
    localStorage.removeItem(NAME);
  } catch {
    // Nothing was kept.
  }
}

/** Whether the caller may do something; the service decides again. @param {string} permission such as `run:cancel` @param {string} [tenantId] */
export function may(permission, tenantId) {
  const { me } = session.get();
  if (!me)
    return false;
  if (me.kind === 'operator')
    return true;
  return (!tenantId || me.tenantId === tenantId) && me.permissions.includes(permission);
}

export const isOperator = () => session.get().me?.kind === 'operator';
