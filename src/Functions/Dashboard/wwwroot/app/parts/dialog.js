import { Away, Refusal } from '../data/api.js';
import { createStore, useStore } from '../data/store.js';
import { html, useEffect, useRef, useState } from '../html.js';
import { say } from './notices.js';
import { Refused } from './basics.js';

/**
 * What a dialog asks, and does once it is confirmed.
 * @typedef {{ name: string, label: string, kind?: 'text' | 'number' | 'select' | 'area', value?: string, options?: [string, string][], isRequired?: boolean, hint?: string, attributes?: object }} Field
 * @typedef {{ title: string, effects: any[], action: string, isGrave?: boolean, fields?: Field[], preview?: (values: object) => Promise<any>, run: (values: object) => Promise<any>, done?: (answer: any) => string }} Question
 */

const question = createStore(null);

/** @param {Question} asked */
export const ask = (asked) => question.set(asked);

/** The place where dialogs appear. */
export function Dialogs() {
  const asked = useStore(question);
  return asked && html`<${Dialog} asked=${asked} key=${asked.title} />`;
}

function Dialog({ asked }) {
  const element = useRef(null);
  const [state, setState] = useState({ isBusy: false, error: null, preview: null });
  useEffect(() => {
    element.current.showModal();
  }, []);

  async function submit(event) {
    event.preventDefault();
    const values = Object.fromEntries(new FormData(event.target));
    setState({ ...state, isBusy: true, error: null });
    try {
      if (asked.preview && !state.preview) {
        setState({ isBusy: false, error: null, preview: await asked.preview(values) });
        return;
      }
      const answer = await asked.run(values);
      element.current?.close();
      if (asked.done)
        say(asked.done(answer));
    } catch (failure) {
      if (!(failure instanceof Refusal) && !(failure instanceof Away))
        throw failure;
      setState({ ...state, isBusy: false, error: failure });
    }
  }

  const isPreview = asked.preview && !state.preview;
  return html`
    <dialog ref=${element} aria-labelledby="dialog-title" onClose=${() => question.set(null)}>
      <form onSubmit=${submit} onInput=${() => state.preview && setState({ ...state, preview: null })}>
        <h2 id="dialog-title">${asked.title}</h2>
        <ul class="effects">${asked.effects.map((effect) => html`<li>${effect}</li>`)}</ul>
        ${asked.fields?.map((field) => html`<${Input} field=${field} />`)}
        ${state.preview}
        ${state.error && html`<${Refused} error=${state.error} />`}
        <div class="buttons">
          <button type="button" class="quiet" onClick=${() => element.current.close()}>Leave it</button>
          <button type="submit" class=${asked.isGrave && !isPreview ? 'grave' : 'main'} disabled=${state.isBusy}>${isPreview ? 'See what matches' : asked.action}</button>
        </div>
      </form>
    </dialog>`;
}

function Input({ field }) {
  const { name, label, kind = 'text', value, options, isRequired, hint, attributes } = field;
  const common = { name, required: isRequired, ...attributes };
  return html`
    <label class="field">
      <span>${label}</span>
      ${kind === 'select'
        ? html`<select ...${common}>${options.map(([key, title]) => html`<option value=${key} selected=${key === value}>${title}</option>`)}</select>`
        : kind === 'area'
          ? html`<textarea rows="3" ...${common}>${value}</textarea>`
          : html`<input type=${kind} defaultValue=${value} autocomplete="off" ...${common} />`}
      ${hint && html`<small>${hint}</small>`}
    </label>`;
}
