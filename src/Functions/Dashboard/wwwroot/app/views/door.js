import { session, signOut } from '../data/session.js';
import { useStore } from '../data/store.js';
import { html } from '../html.js';
import { Refused } from '../parts/basics.js';
import { go } from '../route.js';

/** The service would not say who calls. @param {{ error: import('../data/api.js').Refusal, again: () => void }} props */
export const Unrecognised = ({ error, again }) => html`
  <main class="door"><div class="sign-in">
    <h1><span class="mark" aria-hidden="true"></span>Headgate</h1>
    <${Refused} error=${error} />
    <div class="buttons"><button type="button" class="quiet" onClick=${signOut}>Sign out</button><button type="button" class="main" onClick=${again}>Try again</button></div>
  </div></main>`;

/** A token does not say whose tenant somebody is to look at. */
export function WhichTenant() {
  const { me } = useStore(session);

  function submit(event) {
    event.preventDefault();
    go('tenants', new FormData(event.target).get('tenant').trim());
  }

  return html`
    <main class="door"><form class="sign-in" onSubmit=${submit}>
      <h1>Which tenant?</h1>
      <label class="field"><span>Tenant</span><input name="tenant" required autofocus autocomplete="off" spellcheck=${false} defaultValue=${me.asked ?? ''} /></label>
      ${me.refusal && html`<${Refused} error=${me.refusal} />`}
      <div class="buttons"><button type="button" class="quiet" onClick=${signOut}>Sign out</button><button type="submit" class="main">Open</button></div>
    </form></main>`;
}
