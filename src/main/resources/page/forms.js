/**
 * The forms of the three starts. They judge nothing: the service does, and what it says is shown at the fields that it
 * points to.
 */
import { call, newKey } from './service.js';
import { element, PRIORITIES } from './text.js';

const text = (name, label, hint = '') => ({ name, label, hint, type: 'text' });
const number = (name, label) => ({ name, label, hint: '', type: 'number' });
const lines = (name, label, hint) => ({ name, label, hint, type: 'lines' });
const yesNo = (name, label) => ({ name, label, hint: '', type: 'yesNo' });
const choice = (name, label, options) => ({ name, label, hint: '', type: 'choice', options });

/** The first option of a choice is what the service does unless told. */
const COMMON = [
  choice('priority', 'Priority', ['DEFAULT', ...PRIORITIES.filter(each => each !== 'DEFAULT')]),
  number('timeoutSeconds', 'Time limit in seconds'),
  { name: 'labels', label: 'Labels', hint: 'key=value, one a line', type: 'pairs' },
  choice('report', 'Items to report', ['FAILURES', 'ALL', 'NONE']),
];

const STARTS = [
  {
    kind: 'copy',
    title: 'Copy a file or a tree',
    fields: [
      text('source', 'Source', 'root:path, for example data:in/2026'),
      text('destination', 'Destination', 'root:path'),
      choice('onConflict', 'What exists there already', ['FAIL', 'OVERWRITE', 'SKIP', 'UPDATE']),
    ],
    more: [
      number('bytesPerSecond', 'Byte limit per second'),
      yesNo('parents', 'Make missing directories above the destination'),
      lines('include', 'Only these', 'patterns such as **/*.csv, one a line'),
      lines('exclude', 'But not these', 'patterns, one a line'),
      choice('verify', 'Verify', ['NONE', 'SHA256']),
      choice('durability', 'Durability', ['FSYNC', 'NONE']),
      yesNo('failFast', 'Stop at the first failure'),
      yesNo('dryRun', 'Only try'),
      ...COMMON,
    ],
  },
  {
    kind: 'delete-batch',
    title: 'Delete a batch',
    fields: [
      lines('paths', 'Paths', 'root:path, one a line'),
      yesNo('recursive', 'Directories with all below them'),
      yesNo('dryRun', 'Only try'),
    ],
    more: [
      yesNo('ignoreMissing', 'Skip what is missing'),
      yesNo('failFast', 'Stop at the first failure'),
      text('batch', 'Name of the batch', 'joins the batch that runs under this name'),
      ...COMMON,
    ],
  },
  {
    kind: 'connect',
    title: 'Connect and read a message',
    fields: [text('addressFile', 'Address file', 'root:path of a file with host:port')],
    more: [
      number('connectTimeoutSeconds', 'Seconds to connect'),
      number('readTimeoutSeconds', 'Seconds to read'),
      number('maxBytes', 'Bytes to read at most'),
      ...COMMON,
    ],
  },
];

/** Adds the forms to a section; whoever is given is told of the operation that a start became. */
export function addForms(section, onStarted) {
  for (const start of STARTS) {
    const form = new StartForm(start, onStarted);
    const details = element('details', {}, element('summary', { textContent: start.title }), form.root);
    details.name = 'start';
    section.append(details);
  }
}

class StartForm {
  #start;
  #onStarted;
  #controls = new Map();
  #alert = element('p', { className: 'error' });
  #key = newKey();
  #underWay = false;

  constructor(start, onStarted) {
    this.#start = start;
    this.#onStarted = onStarted;
    this.#alert.setAttribute('role', 'alert');
    const more = element('details', { className: 'more' }, element('summary', { textContent: 'More options' }),
      ...start.more.map(field => this.#row(field)));
    this.root = element('form', { noValidate: true, autocomplete: 'off' },
      ...start.fields.map(field => this.#row(field)), more, this.#alert,
      element('button', { type: 'submit', textContent: 'Start' }));
    this.root.setAttribute('aria-label', start.title);
    this.root.addEventListener('submit', event => { event.preventDefault(); this.#submit(); });
    // Something else is asked for from now on.
    this.root.addEventListener('input', () => { this.#key = newKey(); });
  }

  /** A second click changes nothing: not while an answer is awaited, and not when there was none. */
  async #submit() {
    if (this.#underWay) {
      return;
    }
    this.#underWay = true;
    this.#showErrors([], '');
    try {
      const operation = await call('POST', `ops/${this.#start.kind}`, this.#body(), { 'Idempotency-Key': this.#key });
      this.#key = newKey();
      this.#onStarted(operation);
    } catch (error) {
      this.#showErrors(error.errors ?? [], error.message);
    } finally {
      this.#underWay = false;
    }
  }

  #body() {
    const fields = [...this.#start.fields, ...this.#start.more];
    return Object.fromEntries(fields.map(field => [field.name, this.#value(field)]));
  }

  /** What a field says; undefined where the service is to use its default. */
  #value({ name, type }) {
    const control = this.#controls.get(name);
    const entered = control.value;
    switch (type) {
      case 'yesNo':
        return control.checked;
      case 'lines':
        return entered === '' && name !== 'paths' ? undefined : entered.split('\n').filter(line => line !== '');
      case 'pairs':
        return Object.fromEntries(entered.split('\n').filter(line => line !== '').map(line => {
          const [key, ...value] = line.split('=');
          return [key, value.join('=')];
        }));
      case 'number':
        return entered === '' ? undefined : /^-?\d+(\.\d+)?$/.test(entered) ? Number(entered) : entered;
      default:
        return entered === '' && name === 'batch' ? undefined : entered;
    }
  }

  #showErrors(errors, message) {
    const unplaced = [];
    for (const control of this.#controls.values()) {
      control.removeAttribute('aria-invalid');
      control.errors.textContent = '';
    }
    for (const { pointer, detail } of errors) {
      const [, name, index] = pointer.split('/');
      const control = this.#controls.get(name);
      if (control) {
        const line = control.localName === 'textarea' && /^\d+$/.test(index) ? `Line ${lineOf(control, Number(index))}: ` : '';
        control.setAttribute('aria-invalid', 'true');
        control.errors.append(element('span', { textContent: `${line}${detail} ` }));
      } else {
        unplaced.push(detail);
      }
    }
    const first = this.root.querySelector('[aria-invalid=true]');
    if (first) {
      first.closest('details.more')?.setAttribute('open', '');
      first.focus();
    }
    this.#alert.textContent = first ? joinLines('Nothing was started.', unplaced) : message;
  }

  #row(field) {
    const id = `${this.#start.kind}-${field.name}`;
    const control = makeControl(field);
    control.id = id;
    control.name = field.name;
    control.errors = element('p', { id: `${id}-error`, className: 'error' });
    control.setAttribute('aria-describedby', `${id}-hint ${id}-error`);
    this.#controls.set(field.name, control);
    const label = element('label', { htmlFor: id, textContent: field.label });
    const hint = element('span', { id: `${id}-hint`, className: 'hint', textContent: field.hint });
    if (field.type === 'yesNo') {
      label.prepend(control, ' ');
      return element('div', { className: 'field' }, label, hint, control.errors);
    }
    return element('div', { className: 'field' }, label, control, hint, control.errors);
  }
}

function makeControl({ type, options }) {
  switch (type) {
    case 'yesNo':
      return element('input', { type: 'checkbox' });
    case 'choice':
      return element('select', {}, ...options.map(option => element('option', { textContent: option })));
    case 'lines':
    case 'pairs':
      return element('textarea', { rows: 3, spellcheck: false });
    default:
      return element('input', { type: 'text', spellcheck: false, inputMode: type === 'number' ? 'decimal' : 'text' });
  }
}

/** The number of the line that has the entry with this index: empty lines are no entries. */
function lineOf(control, index) {
  const entries = control.value.split('\n').map((line, at) => [line, at + 1]).filter(([line]) => line !== '');
  return entries[index]?.[1] ?? index + 1;
}

function joinLines(first, others) {
  return [first, ...others].join(' ');
}
