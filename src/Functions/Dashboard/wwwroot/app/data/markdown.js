/** The parts of Markdown that runbooks use: headings, paragraphs, lists, tables, code. */

/** @param {string} text @returns {any[]} */
export function blocks(text) {
  const lines = text.split(/\r?\n/);
  const found = [];
  let paragraph = [];

  function close() {
    if (paragraph.length > 0)
      found.push({ kind: 'paragraph', text: paragraph.join(' ') });
    paragraph = [];
  }

  for (let at = 0; at < lines.length; at++) {
    const line = lines[at];
    const heading = /^(#{1,4}) (.*)$/.exec(line);
    const item = listItem(line);
    if (line.startsWith('```')) {
      close();
      const code = [];
      while (++at < lines.length && !lines[at].startsWith('```'))
        code.push(lines[at]);
      found.push({ kind: 'code', text: code.join('\n') });
    } else if (heading) {
      close();
      found.push({ kind: 'heading', level: heading[1].length, text: heading[2] });
    } else if (line.startsWith('|')) {
      close();
      const rows = [];
      for (; at < lines.length && lines[at].startsWith('|'); at++)
        rows.push(cells(lines[at]));
      at--;
      found.push({ kind: 'table', head: rows[0], rows: rows.slice(2) });
    } else if (item) {
      close();
      const items = [];
      for (; at < lines.length && (listItem(lines[at]) || /^\s+\S/.test(lines[at])); at++) {
        const next = listItem(lines[at]);
        if (next)
          items.push(next.text);
        else
          items[items.length - 1] += ' ' + lines[at].trim();
      }
      at--;
      found.push({ kind: 'list', isOrdered: item.isOrdered, items });
    } else if (line.trim() === '') {
      close();
    } else {
      paragraph.push(line.trim());
    }
  }
  close();
  return found;
}

function listItem(line) {
  const match = /^(?:([-*])|\d+\.) (.*)$/.exec(line);
  return match && { isOrdered: !match[1], text: match[2] };
}

const cells = (line) => line.replace(/^\||\|\s*$/g, '').split('|').map((cell) => cell.trim());

/** @param {string} text @returns {{ kind: 'text' | 'code' | 'strong', text: string }[]} */
export function inline(text) {
  const parts = [];
  let rest = text;
  while (rest) {
    const match = /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\([^)]*\)/.exec(rest);
    if (!match) {
      parts.push({ kind: 'text', text: rest });
      break;
    }
    if (match.index > 0)
      parts.push({ kind: 'text', text: rest.slice(0, match.index) });
    parts.push(match[1] ? { kind: 'code', text: match[1] } : match[2] ? { kind: 'strong', text: match[2] } : { kind: 'text', text: match[3].replaceAll('`', '') });
    rest = rest.slice(match.index + match[0].length);
  }
  return parts;
}
