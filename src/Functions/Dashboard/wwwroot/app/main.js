import { Refusal } from './data/api.js';
import { online } from './data/connection.js';
import { learnPaths } from './data/features.js';
import { readMe } from './data/me.js';
import { recognise, session } from './data/session.js';
import { useStore } from './data/store.js';
import { html, render, useEffect, useState } from './html.js';
import { Dialogs } from './parts/dialog.js';
import { Notices } from './parts/notices.js';
import { route, tenantIn } from './route.js';
import { Shell } from './shell.js';
import { Unrecognised, WhichTenant } from './views/door.js';
import { SignIn } from './views/sign-in.js';

function App() {
  const { key, me, isRefused, reader } = useStore(session);
  const [failure, again] = useMe();
  useEffect(() => {
    if (key && me && !isRefused)
      learnPaths();
  }, [key, me, isRefused]);

  if (!key || (isRefused && !me))
    return html`<${SignIn} wasRefused=${isRefused} />`;
  return html`
    ${me ? html`<${me.isPerson && !me.tenantId ? WhichTenant : Shell} key=${reader} />` : failure && html`<${Unrecognised} error=${failure} again=${again} />`}
    ${isRefused && html`<${SignIn} wasRefused isOver />`}
    <${Notices} />
    <${Dialogs} />`;
}

/** Learns who calls: once for a key, and for a person again in each tenant. @returns {[Refusal | null, () => void]} why it could not be learnt, and another try */
function useMe() {
  const { key, me, isRefused } = useStore(session);
  const tenant = tenantIn(useStore(route));
  const [failure, setFailure] = useState(null);
  const [tries, setTries] = useState(0);
  const wanted = !key || isRefused ? null : !me ? `${key} ${tries}` : me.isPerson && tenant && tenant !== me.asked ? `${key} ${tries} ${tenant}` : null;
  useEffect(() => {
    if (wanted === null)
      return undefined;
    let isOver = false;
    setFailure(null);

    async function look() {
      try {
        const answer = await readMe(tenant);
        isOver || recognise(answer);
      } catch (error) {
        if (isOver)
          return;
        if (error instanceof Refusal)
          setFailure(error);
        else
          online().then(() => isOver || look());
      }
    }

    look();
    return () => (isOver = true);
  }, [wanted]);
  return [failure, () => setTries(tries + 1)];
}

const app = document.getElementById('app');
app.replaceChildren();
render(html`<${App} />`, app);
