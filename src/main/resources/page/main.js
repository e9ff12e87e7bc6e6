/**
 * Puts the page together, and keeps it up to date.
 *
 * A browser opens six connections to a host over HTTP/1.1, for all its tabs. A tab has two of them open for long: the
 * stream of all operations, which has every change of a state, and the stream of the operation that is chosen. The bars
 * of the others are drawn from one list, asked for at most once a second, while any of them moves and the tab is seen.
 */
import { call } from './service.js';
import { listen } from './stream.js';
import { addForms } from './forms.js';
import { OperationList } from './list.js';
import { Detail } from './detail.js';
import { OVER, setText, subject } from './text.js';

const POLL_MILLIS = 1000;
const RELOAD_MILLIS = 2000;

const part = id => document.getElementById(id);
const list = new OperationList(part('list'));
const detail = new Detail(take, started);
let chosen = '';
let watching = new AbortController();
let older = null;

/** Whatever way an operation came: it is shown where it is newer than what is shown. */
function take(operation) {
  const known = list.get(operation.id)?.state;
  if (!list.take(operation)) {
    return;
  }
  part('list-empty').hidden = true;
  if (operation.id === chosen) {
    detail.show(operation);
    if (known !== operation.state) {
      announce(operation);
    }
  }
}

/** To those who listen: states of what they look at, and not each step of it. */
function announce({ kind, state, failed }) {
  setText(part('news'), `${kind} ${state.toLowerCase()}${OVER.has(state) && failed > 0 ? `, ${failed} failed` : ''}`);
}

function started(operation) {
  take(operation);
  location.hash = operation.id;
}

// ---- The list

/** How things stand, when a stream has begun or has a gap. It has begun before: nothing is missed in between. */
async function load(summary) {
  const live = Object.keys(summary.byState).filter(state => !OVER.has(state));
  try {
    const [unfinished, recent] = await Promise.all([
      call('GET', `ops?state=${live}&pageSize=200`),
      call('GET', 'ops?pageSize=50'),
    ]);
    [...unfinished.operations, ...recent.operations].forEach(take);
    older ??= recent.nextPageToken;
    part('older').hidden = older === null;
    part('list-empty').hidden = list.size > 0;
    setText(part('list-error'), '');
  } catch (error) {
    setText(part('list-error'), error.message);
    setTimeout(load, RELOAD_MILLIS, summary);
  }
}

async function loadOlder() {
  try {
    const page = await call('GET', `ops?pageSize=50&pageToken=${encodeURIComponent(older)}`);
    list.takeOlder(page.operations);
    older = page.nextPageToken;
    part('older').hidden = older === null;
  } catch (error) {
    setText(part('list-error'), error.message);
  }
}

async function poll() {
  try {
    if (list.hasMoving() && !document.hidden) {
      (await call('GET', 'ops?state=RUNNING,CANCELLING&pageSize=200')).operations.forEach(take);
    }
  } catch {
    // The stream shows that the service is gone, and asks how things stand when it is back.
  }
  setTimeout(poll, POLL_MILLIS);
}

async function follow() {
  try {
    await listen('ops/events', new AbortController().signal,
      (type, data) => (type === 'snapshot' || type === 'resync' ? load(data) : take(data)),
      isOpen => setText(part('connection'), isOpen ? 'Live' : 'Connection lost; trying again…'));
  } catch (error) {
    setText(part('connection'), error.message);
  }
}

// ---- The operation that is chosen: its id is the fragment of the address

async function choose(id) {
  watching.abort();
  watching = new AbortController();
  const { signal } = watching;
  chosen = id;
  list.choose(id);
  detail.choose(id);
  if (id === '') {
    return;
  }
  const known = list.get(id);
  if (known) {
    detail.show(known);
    setText(document.querySelector('title'), `${known.kind} ${subject(known)} – asyncops`);
  }
  if (known && OVER.has(known.state)) {
    return;
  }
  try {
    await listen(`ops/${id}/events`, signal, (type, operation) => {
      if (!signal.aborted) {
        take(operation);
      }
    });
  } catch (error) {
    if (!signal.aborted) {
      detail.fail(error.message);
    }
  }
}

function chooseByAddress() {
  const id = location.hash.slice(1);
  if (/^[0-9a-f-]{36}$/.test(id)) {
    return choose(id);
  }
  return id === '' ? choose('') : undefined; // the skip link chooses nothing
}

addForms(part('starts'), started);
part('older').addEventListener('click', loadOlder);
part('only-live').addEventListener('change', event => part('list').classList.toggle('only-live', event.target.checked));
addEventListener('hashchange', () => {
  chooseByAddress();
  if (chosen !== '' && location.hash === `#${chosen}`) {
    part('detail-heading').focus();
  }
});
chooseByAddress();
follow();
poll();
