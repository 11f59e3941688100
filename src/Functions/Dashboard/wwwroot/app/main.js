import { call } from './data/api.js';
import { learnPaths } from './data/features.js';
import { recognise, session } from './data/session.js';
import { useStore } from './data/store.js';
import { html, render, useEffect } from './html.js';
import { Dialogs } from './parts/dialog.js';
import { Notices } from './parts/notices.js';
import { Shell } from './shell.js';
import { SignIn } from './views/sign-in.js';

function App() {
  const { key, me, isRefused } = useStore(session);
  useEffect(() => {
    if (key && !isRefused && !me)
      call('/me').then(recognise, () => {});
    if (key && me && !isRefused)
      learnPaths();
  }, [key, me, isRefused]);

  if (!key || (isRefused && !me))
    return html`<${SignIn} wasRefused=${isRefused} />`;
  return html`
    ${me && html`<${Shell} />`}
    ${isRefused && html`<${SignIn} wasRefused isOver />`}
    <${Notices} />
    <${Dialogs} />`;
}

const app = document.getElementById('app');
app.replaceChildren();
render(html`<${App} />`, app);
