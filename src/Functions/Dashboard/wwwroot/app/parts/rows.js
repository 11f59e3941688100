import { html, useEffect, useRef, useState } from '../html.js';

const MORE_ROWS = 12;

/**
 * A table of rows of one height, of which only those in sight are in the page: ten thousand scroll like ten.
 * @param {{ columns: { title: string, class?: string }[], rows: any[], height: number, label: string, row: (item: any) => any, keyOf: (item: any) => string, onNearEnd?: () => void, pages?: number }} props
 * `onNearEnd` is called again after each page that came, as `pages` counts them, while the end is in sight
 */
export function VirtualTable({ columns, rows, height, label, row, keyOf, onNearEnd, pages }) {
  const body = useRef(null);
  const [range, setRange] = useState([0, 60]);

  useEffect(() => {
    function look() {
      if (!body.current)
        return;
      const top = -body.current.getBoundingClientRect().top;
      const first = Math.max(0, Math.floor(top / height) - MORE_ROWS);
      const last = Math.ceil((top + innerHeight) / height) + MORE_ROWS;
      setRange((before) => (before[0] === first && before[1] === last ? before : [first, last]));
    }
    look();
    addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [height]);

  const [first, last] = [Math.min(range[0], rows.length), Math.min(range[1], rows.length)];
  useEffect(() => {
    if (last >= rows.length)
      onNearEnd?.();
  }, [last, rows.length, pages]);

  return html`
    <table class="rows virtual" aria-label=${label} aria-rowcount=${rows.length + 1}>
      <thead><tr>${columns.map((column) => html`<th scope="col" class=${column.class}>${column.title}</th>`)}</tr></thead>
      <tbody ref=${body}>
        ${first > 0 && html`<tr class="spacer" aria-hidden="true"><td colspan=${columns.length} style=${{ height: `${first * height}px` }}></td></tr>`}
        ${rows.slice(first, last).map((item, index) => html`<tr key=${keyOf(item)} aria-rowindex=${first + index + 2} style=${{ height: `${height}px` }}>${row(item)}</tr>`)}
        ${last < rows.length && html`<tr class="spacer" aria-hidden="true"><td colspan=${columns.length} style=${{ height: `${(rows.length - last) * height}px` }}></td></tr>`}
      </tbody>
    </table>`;
}
