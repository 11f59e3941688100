import { at, all } from '../data/api.js';
import { useReading } from '../data/polling.js';
import { html } from '../html.js';
import { Cut, Empty, Read, Said } from '../parts/basics.js';
import { moment } from '../text.js';

const EVERY_MS = 20_000;

/** People of a tenant, as the issuer of tokens names them. */
export default function MembersView({ tenantId }) {
  const read = useReading(`members ${tenantId}`, () => all(at('tenants', tenantId, 'members')), EVERY_MS);
  return html`<${Read} of=${read}>${(list) => list.length === 0
    ? html`<${Empty} title="No member yet." command=${`curl -X PUT -H "Authorization: Bearer $KEY" ${location.origin}/tenants/${tenantId}/members/SUBJECT -d '{"role": "developer"}'`}>Members are people who sign in through your issuer. Callers with keys need not be members.<//>`
    : html`
      <table class="rows stacked" aria-label="Members"><thead><tr><th scope="col">Member</th><th scope="col">Role</th><th scope="col">Since</th></tr></thead>
        <tbody>${list.map((member) => html`<tr key=${member.subject}><th scope="row"><${Said} text=${member.name ?? member.subject} /> <span class="under"><${Said} text=${member.subject} /></span></th><td data-label="Role">${member.role}</td><td data-label="Since">${moment(member.addedAt)}</td></tr>`)}</tbody></table><${Cut} of=${list} />`}<//>`;
}
