import { at } from '../data/api.js';
import { html } from '../html.js';
import { Empty, Loading, Refused, Said } from '../parts/basics.js';
import { More, usePages } from '../parts/pages.js';
import { moment } from '../text.js';

/** Who changed what, newest first. */
export default function AuditView({ tenantId }) {
  const pages = usePages(at('tenants', tenantId, 'audit'));
  if (pages.error && pages.items.length === 0)
    return html`<${Refused} error=${pages.error} />`;
  if (pages.isLoading)
    return html`<${Loading} />`;
  if (pages.items.length === 0)
    return html`<${Empty} title="Nobody has changed anything." />`;
  return html`
    ${pages.error && html`<${Refused} error=${pages.error} />`}
    <table class="rows stacked" aria-label="Audit">
      <thead><tr><th scope="col">When</th><th scope="col">Who</th><th scope="col">What</th><th scope="col">To what</th><th scope="col">Reason</th></tr></thead>
      <tbody>${pages.items.map((row, index) => html`
        <tr key=${index}><td data-label="When"><time datetime=${row.at}>${moment(row.at)}</time></td><td data-label="Who"><${Said} text=${row.actor} /></td>
          <td data-label="What"><code>${row.action}</code></td><td data-label="To what">${row.target ? html`<${Said} text=${row.target} />` : html`<span class="none">–</span>`}</td><td data-label="Reason">${row.reason ? html`<${Said} text=${row.reason} />` : html`<span class="none">–</span>`}</td></tr>`)}</tbody>
    </table>
    <${More} pages=${pages} />`;
}
