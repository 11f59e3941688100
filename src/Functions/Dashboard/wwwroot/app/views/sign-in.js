import { Away, Refusal } from '../data/api.js';
import { readMe } from '../data/me.js';
import { session, signIn, signOut } from '../data/session.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { Refused } from '../parts/basics.js';
import { route, tenantIn } from '../route.js';

/**
 * Asks for a key.
 * @param {{ wasRefused: boolean, isOver?: boolean }} props `isOver`: over a view, which stays as it is behind
 */
export function SignIn({ wasRefused, isOver }) {
  const dialog = useRef(null);
  const [state, setState] = useState({ isBusy: false, error: null });
  useEffect(() => {
    if (isOver)
      dialog.current.showModal();
  }, []);

  async function submit(event) {
    event.preventDefault();
    const values = new FormData(event.target);
    const key = values.get('key').trim();
    setState({ isBusy: true, error: null });
    try {
      const me = await readMe(tenantIn(route.get()), key);
      if (me.kind === 'agent')
        throw new Refusal(403, { error: 'This is an agent’s key', code: 'agent-key', message: 'Agents see only their own work. Sign in with an operator’s or a member’s key.' });
      dialog.current?.close();
      signIn(key, me, values.has('remember'));
    } catch (failure) {
      if (!(failure instanceof Refusal) && !(failure instanceof Away))
        throw failure;
      const error = failure.status === 401 || failure.code === 'invalid-request' ? { title: 'The service does not take this key.', message: 'It may be mistyped, revoked or expired.', code: failure.code } : failure;
      setState({ isBusy: false, error });
    }
  }

  // Browsers let a second Escape close what the first may not.
  const stay = () => session.get().isRefused && dialog.current?.showModal();

  const form = html`
    <form class="sign-in" onSubmit=${submit}>
      <h1>${isOver ? 'Sign in again' : html`<span class="mark" aria-hidden="true"></span>Headgate`}</h1>
      <p>${wasRefused ? 'Your key is no longer taken: it expired or was revoked.' : 'Who is waiting, what holds them, and what to do about it.'}</p>
      <label class="field"><span>Key</span><input name="key" type="password" required autofocus autocomplete="off" spellcheck=${false} placeholder="hg_…" /></label>
      <label class="check"><input name="remember" type="checkbox" /> Remember on this machine</label>
      ${state.error && html`<${Refused} error=${state.error} />`}
      <div class="buttons">
        ${isOver && html`<button type="button" class="quiet" onClick=${signOut}>Sign out</button>`}
        <button type="submit" class="main" disabled=${state.isBusy}>Sign in</button>
      </div>
      ${!isOver && html`<p class="fine">On one machine the operator’s key is in <code>headgate-data/operator.key</code>. A token of your issuer is taken too. Without the box ticked, it is forgotten with this tab.</p>`}
    </form>`;
  return isOver
    ? html`<dialog ref=${dialog} aria-label="Sign in again" onCancel=${(event) => event.preventDefault()} onClose=${stay}>${form}</dialog>`
    : html`<main class="door">${form}</main>`;
}
