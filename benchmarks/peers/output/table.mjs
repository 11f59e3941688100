import { advantage } from '../harness/arithmetic.mjs';
import { measures } from '../measures/index.mjs';
import { systems } from '../systems/index.mjs';

const none = '-';
const number = (value, digits) =>
  Number.isFinite(value) ? value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits }) : none;
const times = (ratio) => (ratio === null ? none : number(ratio, ratio < 10 ? 2 : 0));

/** One table for each measure: every figure, and beside it how many times as good ours is. */
export function tables(readings) {
  return Object.entries(measures).flatMap(([name, { summary, columns }]) => {
    const own = readings.filter((reading) => reading.measure === name);
    if (own.length === 0) return [];
    const ours = own.filter((reading) => reading.system === 'headgate');
    const head = ['system', 'case', ...columns.flatMap(({ label, better }) => (better && ours.length > 0 ? [label, '×'] : [label]))];
    const rows = own.map((reading) => {
      const against = ours.find((one) => one.versus === reading.versus) ?? ours[0];
      return [
        systems[reading.system].title,
        reading.case,
        ...columns.flatMap(({ figure, digits, better }) => {
          const value = number(reading.figures[figure], digits);
          if (!better || ours.length === 0) return [value];
          return [value, reading.system === 'headgate' ? none : times(advantage(against.figures[figure], reading.figures[figure], better))];
        }),
      ];
    });
    return [{ name, summary, head, rows }];
  });
}

export function plain({ name, summary, head, rows }) {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column].length)));
  const line = (row) => row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join('  ').trimEnd();
  return `${name}: ${summary}\n${[head, ...rows].map(line).join('\n')}\n`;
}

export function markdown({ name, summary, head, rows }) {
  const line = (row) => `| ${row.join(' | ')} |`;
  return `## ${name}: ${summary}\n\n${[line(head), line(head.map((_, column) => (column < 2 ? '---' : '---:'))), ...rows.map(line)].join('\n')}\n`;
}
