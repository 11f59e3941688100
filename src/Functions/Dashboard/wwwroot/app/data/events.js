/**
 * Takes apart a text of server-sent events (WHATWG HTML, section 9.2) as it comes.
 * @param {(event: { kind: string, data: string, id: string | null }) => void} onEvent
 * @returns {(text: string) => void} takes the next piece
 */
export function eventParser(onEvent) {
  let rest = '';
  let kind = '';
  let data = [];
  let id = null;

  function line(text) {
    if (text === '') {
      if (data.length > 0)
        onEvent({ kind: kind || 'message', data: data.join('\n'), id });
      kind = '';
      data = [];
      return;
    }
    const colon = text.indexOf(':');
    if (colon === 0)
      return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? '' : text.slice(colon + (text[colon + 1] === ' ' ? 2 : 1));
    if (field === 'event')
      kind = value;
    else if (field === 'data')
      data.push(value);
    else if (field === 'id' && !value.includes('\0'))
      id = value;
  }

  return (text) => {
    rest += text;
    // A carriage return at the end may be half of a line's end.
    const whole = rest.endsWith('\r') ? rest.slice(0, -1) : rest;
    const lines = whole.split(/\r\n|\n|\r/);
    const left = lines.pop() + (rest.endsWith('\r') ? '\r' : '');
    rest = left;
    lines.forEach(line);
  };
}
