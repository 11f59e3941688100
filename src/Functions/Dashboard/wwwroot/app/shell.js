import { useCall } from './data/polling.js';
import { isOperator, may, session, signOut } from './data/session.js';
import { useStore } from './data/store.js';
import { html, useEffect, useRef } from './html.js';
import { link, route } from './route.js';
import { Empty } from './parts/basics.js';
import { Guard } from './parts/guard.js';
import { ThemeSwitch } from './parts/theme-switch.js';
import { TenantsView } from './views/tenants.js';
import { TenantView } from './views/tenant.js';
import { Later } from './parts/later.js';

/** Views that few open first are loaded when they are. */
const later = {
  agents: () => import('./views/agents.js'),
  queues: () => import('./views/queues.js'),
  alerts: () => import('./views/alerts.js'),
};

/** The frame around every view. */
export function Shell() {
  const parts = useStore(route);
  const { me } = useStore(session);
  const main = useRef(null);
  const place = parts.length > 0 ? parts : home(me);

  useEffect(() => {
    const onKey = (event) => shortcut(event);
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);

  // A task that is chosen within a run is no other view.
  const name = place.slice(0, 4).join('/');
  const isFirst = useRef(true);
  useEffect(() => {
    if (!isFirst.current) {
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
    isFirst.current = false;
  }, [name]);

  return html`
    <a class="skip" href="#main" onClick=${(event) => (event.preventDefault(), main.current.focus())}>Skip to content</a>
    <header class="top">
      <a class="brand" href=${link()}><span class="mark" aria-hidden="true"></span>Headgate</a>
      <nav aria-label="Main"><${Navigation} place=${place} me=${me} /></nav>
      <span class="who">${me.kind === 'operator' ? 'operator' : me.role}</span>
      <${ThemeSwitch} />
      <button type="button" class="quiet" onClick=${signOut}>Sign out</button>
    </header>
    <main id="main" ref=${main} tabindex="-1"><${Guard} place=${name}><${View} place=${place} /><//></main>`;
}

function Navigation({ place, me }) {
  const [at, which] = place;
  const entries = [
    isOperator() ? ['tenants', 'Tenants', link('tenants'), at === 'tenants'] : ['tenants', 'Runs', link('tenants', me.tenantId), at === 'tenants' && which === me.tenantId],
    may('agent:read') && ['agents', 'Agents', link('agents'), at === 'agents'],
    isOperator() && ['queues', 'Queues', link('queues'), at === 'queues'],
    isOperator() && ['alerts', html`Alerts<${Firing} />`, link('alerts'), at === 'alerts'],
  ].filter(Boolean);
  return entries.map(([key, title, address, isHere]) => html`<a key=${key} href=${address} aria-current=${isHere ? 'page' : undefined}>${title}</a>`);
}

function Firing() {
  const { data } = useCall('/alerts', 10_000);
  const firing = data?.rules.filter((rule) => rule.state === 'firing').length ?? 0;
  return firing > 0 && html` <span class="count bad">${firing}<span class="hidden"> firing</span></span>`;
}

function View({ place }) {
  const [kind, id, ...rest] = place;
  if (kind === 'tenants' && !id && isOperator())
    return html`<${TenantsView} />`;
  if (kind === 'tenants' && id)
    return html`<${TenantView} key=${id} tenantId=${id} rest=${rest} />`;
  if (kind in later)
    return html`<${Later} key=${kind} load=${later[kind]} rest=${place.slice(1)} />`;
  return html`<${Empty} title="There is nothing here.">The address may be mistyped. <a href=${link()}>Go to the first page.</a><//>`;
}

const home = (me) => (me.kind === 'operator' ? ['tenants'] : ['tenants', me.tenantId]);

/** `/` goes to the search of a view, Escape leaves it. */
function shortcut(event) {
  const search = document.querySelector('input[type=search]');
  if (event.key === '/' && search && !event.ctrlKey && !event.metaKey && !event.target.closest('input, textarea, select, dialog')) {
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === 'Escape' && event.target === search) {
    search.value = '';
    search.dispatchEvent(new Event('input', { bubbles: true }));
    search.blur();
  }
}
