/** One operation in full, with what can be done to it. */
import { call, newKey } from './service.js';
import { bytes, counts, element, itemLine, joined, labels, OVER, PRIORITIES, setProgress, setText, speed, subject, time } from './text.js';

const MOST_FIRST_ERRORS = 10;

const part = id => document.getElementById(id);

export class Detail {
  #operation = null;
  #fields = document.querySelectorAll('#detail [data-field]');
  #items = new Items();
  #onChanged;
  #onStarted;

  /** What is answered to a change goes to the first one, the operation that a retry became to the second one. */
  constructor(onChanged, onStarted) {
    this.#onChanged = onChanged;
    this.#onStarted = onStarted;
    part('priority').append(...PRIORITIES.map(each => element('option', { textContent: each })));
    this.#onClick('cancel', path => this.#change('DELETE', path));
    this.#onClick('pause', path => this.#change('PATCH', path, { paused: !this.#operation.paused }));
    this.#onClick('retry', path => this.#retry(path));
    part('priority').addEventListener('change', () =>
      this.#attempt(path => this.#change('PATCH', path, { priority: part('priority').value })));
  }

  /** Shows another one, of which nothing is known yet; the empty id is none. */
  choose(id) {
    this.#operation = null;
    part('detail-body').hidden = true;
    setText(part('detail-heading'), id === '' ? 'No operation chosen' : 'Loading…');
    setText(part('detail-error'), '');
    this.#items.choose(id);
  }

  fail(message) {
    setText(part('detail-heading'), 'This operation cannot be shown');
    setText(part('detail-error'), message);
  }

  show(operation) {
    const isEnd = this.#operation !== null && OVER.has(operation.state) && !OVER.has(this.#operation.state);
    this.#operation = operation;
    setText(part('detail-heading'), `${operation.kind} ${subject(operation)}`);
    setProgress(part('detail-progress'), operation);
    const texts = fieldTexts(operation);
    this.#fields.forEach(field => setText(field, texts[field.dataset.field]));
    document.querySelector('#detail .state').dataset.state = operation.state;
    part('error-part').hidden = operation.error === null;
    part('result-part').hidden = operation.result === null;
    this.#showFirstErrors(operation.firstErrors);
    this.#showActions(operation);
    part('detail-body').hidden = false;
    if (isEnd) {
      this.#items.reload();
    }
  }

  #showFirstErrors(errors) {
    const list = part('first-errors');
    const shown = errors.slice(0, MOST_FIRST_ERRORS);
    part('first-errors-part').hidden = shown.length === 0;
    if (list.childElementCount !== shown.length || list.dataset.of !== this.#operation.id) {
      list.replaceChildren(...shown.map(itemLine));
      list.dataset.of = this.#operation.id;
    }
  }

  #showActions({ state, paused, priority }) {
    const isOver = OVER.has(state);
    const isClosed = isOver || state === 'CANCELLING';
    setText(part('pause'), paused ? 'Continue' : 'Pause');
    allow('cancel', !isClosed);
    allow('pause', !isClosed);
    allow('retry', isOver && state !== 'SUCCEEDED');
    if (document.activeElement !== part('priority')) {
      part('priority').value = priority;
      part('priority').disabled = isClosed;
    }
  }

  #onClick(id, action) {
    part(id).addEventListener('click', () => {
      if (part(id).getAttribute('aria-disabled') !== 'true') {
        this.#attempt(action);
      }
    });
  }

  async #attempt(action) {
    setText(part('detail-error'), '');
    try {
      await action(`ops/${this.#operation.id}`);
    } catch (error) {
      setText(part('detail-error'), error.message);
    }
  }

  async #change(method, path, body) {
    this.#onChanged(await call(method, path, body));
  }

  async #retry(path) {
    allow('retry', false); // what it is asked for twice is two operations
    try {
      this.#onStarted(await call('POST', `${path}/retry`, undefined, { 'Idempotency-Key': newKey() }));
    } finally {
      allow('retry', true);
    }
  }
}

/** Disabled so that a button keeps the focus. */
function allow(id, isAllowed) {
  part(id).setAttribute('aria-disabled', String(!isAllowed));
}

function fieldTexts(operation) {
  const { progress, error, phase } = operation;
  const ofBytes = progress.bytesTotal === null ? '' : ` of ${bytes(progress.bytesTotal)}`;
  const plain = ['id', 'state', 'pending', 'toStart', 'succeeded', 'failed', 'skipped', 'cancelled', 'attempt', 'createdBy'];
  return {
    ...Object.fromEntries(plain.map(name => [name, String(operation[name])])),
    phase: phase ?? '',
    total: `${operation.total}${operation.totalExact ? '' : ' or more'}`,
    bytes: `${bytes(progress.bytesDone)}${ofBytes}`,
    speed: joined([counts(operation), speed(operation)]),
    labels: labels(operation) || 'none',
    createTime: time(operation.createTime),
    startTime: time(operation.startTime),
    endTime: time(operation.endTime),
    error: error === null ? '' : `${error.code}: ${error.detail}`,
    request: JSON.stringify(operation.request, null, 2),
    result: JSON.stringify(operation.result, null, 2),
  };
}

/** The items of the operation, a page after the other. */
class Items {
  #id = '';
  #token = null;
  #run = 0;

  constructor() {
    part('items-state').addEventListener('change', () => this.reload());
    part('items-refresh').addEventListener('click', () => this.reload());
    part('items-more').addEventListener('click', () => this.#load());
  }

  choose(id) {
    this.#id = id;
    part('items').replaceChildren();
    this.reload();
  }

  reload() {
    this.#token = null;
    this.#load();
  }

  async #load() {
    const run = ++this.#run; // an answer to what was asked before is of no use
    setText(part('items-error'), '');
    if (this.#id === '') {
      return;
    }
    const query = new URLSearchParams({ pageSize: '50' });
    const state = part('items-state').value;
    if (state !== '') {
      query.set('state', state);
    }
    if (this.#token !== null) {
      query.set('pageToken', this.#token);
    }
    try {
      const { items, nextPageToken } = await call('GET', `ops/${this.#id}/items?${query}`);
      if (run === this.#run) {
        this.#show(items, nextPageToken);
      }
    } catch (error) {
      if (run === this.#run) {
        setText(part('items-error'), error.message);
      }
    }
  }

  #show(items, nextPageToken) {
    if (this.#token === null) {
      part('items').replaceChildren();
    }
    part('items').append(...items.map(itemLine));
    this.#token = nextPageToken;
    part('items-more').hidden = nextPageToken === null;
    part('items-empty').hidden = part('items').childElementCount > 0;
  }
}
