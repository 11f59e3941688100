import { html } from '../html.js';
import { blocks, inline } from '../data/markdown.js';

/** Renders the Markdown of the service's own documents below their title; what it does not know stays text. */
export const Markdown = ({ text }) => html`<div class="prose">${blocks(text).filter((block) => block.level !== 1).map((block) => html`<${Block} of=${block} />`)}</div>`;

function Block({ of }) {
  switch (of.kind) {
    case 'heading':
      return of.level <= 2 ? html`<h2><${Inline} text=${of.text} /></h2>` : html`<h3><${Inline} text=${of.text} /></h3>`;
    case 'code':
      return html`<pre tabindex="0"><code>${of.text}</code></pre>`;
    case 'list':
      return of.isOrdered ? html`<ol>${of.items.map((item) => html`<li><${Inline} text=${item} /></li>`)}</ol>` : html`<ul>${of.items.map((item) => html`<li><${Inline} text=${item} /></li>`)}</ul>`;
    case 'table':
      return html`<div class="scroll" tabindex="0"><table><thead><tr>${of.head.map((cell) => html`<th><${Inline} text=${cell} /></th>`)}</tr></thead><tbody>${of.rows.map((row) => html`<tr>${row.map((cell) => html`<td><${Inline} text=${cell} /></td>`)}</tr>`)}</tbody></table></div>`;
    default:
      return html`<p><${Inline} text=${of.text} /></p>`;
  }
}

const Inline = ({ text }) => inline(text).map((part) => {
  if (part.kind === 'code')
    return html`<code>${part.text}</code>`;
  if (part.kind === 'strong')
    return html`<strong>${part.text}</strong>`;
  // Links of the documents lead into the repository, not into the dashboard.
  return part.text;
});
