/** The list of operations, newest first. Rows never change places, so that what has the focus keeps it. */
import { counts, element, joined, labels, OVER, setProgress, setText, speed, subject } from './text.js';

/** Rows beyond these, and those that somebody asked for, go: the ones that are over, the oldest first. */
const MOST_ROWS = 500;

export class OperationList {
  #list;
  #rows = new Map();
  #changed = new Set();
  #most = MOST_ROWS;
  #chosen = '';

  constructor(list) {
    this.#list = list;
  }

  get size() {
    return this.#rows.size;
  }

  get(id) {
    return this.#rows.get(id)?.operation;
  }

  /** Takes what is newer than what it has; says whether it is. */
  take(operation) {
    const row = this.#rows.get(operation.id) ?? this.#add(operation);
    if (!isNewer(operation, row.operation)) {
      return false;
    }
    row.operation = operation;
    if (this.#changed.size === 0) {
      requestAnimationFrame(() => this.#draw());
    }
    this.#changed.add(row);
    return true;
  }

  /** Takes more rows that somebody asked for. */
  takeOlder(operations) {
    this.#most += operations.length;
    operations.forEach(operation => this.take(operation));
  }

  /** Whether any but the chosen one has a bar that may move. */
  hasMoving() {
    return [...this.#rows.values()].some(({ operation: { id, state } }) =>
      id !== this.#chosen && (state === 'RUNNING' || state === 'CANCELLING'));
  }

  choose(id) {
    this.#rows.get(this.#chosen)?.link.removeAttribute('aria-current');
    this.#chosen = id;
    this.#rows.get(id)?.link.setAttribute('aria-current', 'true');
  }

  #add(operation) {
    const row = makeRow(operation);
    this.#rows.set(operation.id, row);
    if (operation.id === this.#chosen) {
      row.link.setAttribute('aria-current', 'true');
    }
    // Ids sort by the time of creation. Most are newer than all others, or older.
    let before = this.#list.firstElementChild;
    if (before && this.#list.lastElementChild.dataset.id > operation.id) {
      before = null;
    }
    while (before && before.dataset.id > operation.id) {
      before = before.nextElementSibling;
    }
    this.#list.insertBefore(row.root, before);
    this.#forgetSome();
    return row;
  }

  #forgetSome() {
    let oldest = this.#list.lastElementChild;
    while (this.#rows.size > this.#most && oldest) {
      const { operation, link } = this.#rows.get(oldest.dataset.id);
      const previous = oldest.previousElementSibling;
      const isUsed = operation === null || operation.id === this.#chosen || document.activeElement === link;
      if (!isUsed && OVER.has(operation.state)) {
        this.#rows.delete(operation.id);
        oldest.remove();
      }
      oldest = previous;
    }
  }

  #draw() {
    this.#changed.forEach(draw);
    this.#changed.clear();
  }
}

/** An attempt after a crash may begin with a revision that had been seen. */
function isNewer(operation, known) {
  return known === null
    || operation.attempt > known.attempt
    || (operation.attempt === known.attempt && operation.revision > known.revision);
}

function makeRow({ id, kind }) {
  const [title, state, note] = [element('bdi'), element('span', { className: 'state' }), element('p', { className: 'note' })];
  const link = element('a', { href: `#${id}` }, `${kind} `, title);
  const bar = element('progress', { max: 1 });
  const root = element('li', {}, link, ' ', state, bar, note);
  root.dataset.id = id;
  return { root, link, title, state, bar, note, operation: null };
}

function draw({ root, title, state, bar, note, operation }) {
  const isOver = OVER.has(operation.state);
  root.classList.toggle('over', isOver);
  setText(title, subject(operation));
  setText(state, operation.state);
  state.dataset.state = operation.state;
  bar.hidden = isOver;
  bar.setAttribute('aria-label', `Progress of ${operation.kind} ${subject(operation)}`);
  setProgress(bar, operation);
  setText(note, joined([counts(operation), speed(operation), labels(operation)]));
}
