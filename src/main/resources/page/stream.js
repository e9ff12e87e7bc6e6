/**
 * Server-sent events by fetch: an EventSource cannot send an Authorization header.
 */
import { Problem, request } from './service.js';

/** The service sends a comment every 15 s; who is silent for longer is gone. */
const MOST_SILENCE_MILLIS = 45_000;
const MOST_PAUSE_MILLIS = 30_000;

/** Reads the text of a stream as the HTML standard says, in pieces that may end anywhere. */
export class EventParser {
  lastId = '';
  retryMillis = 1000;
  #rest = '';
  #type = '';
  #data = [];

  /** The events, {type, data} each, that are complete with this piece. */
  read(text) {
    // A CR that is last may be the first half of a line end.
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
    this.#rest = lines.pop();
    return lines.map(line => this.#line(line)).filter(event => event !== null);
  }

  #line(line) {
    if (line === '') {
      return this.#complete();
    }
    const colon = line.indexOf(':');
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (name === 'data') {
      this.#data.push(value);
    } else if (name === 'event') {
      this.#type = value;
    } else if (name === 'id' && !value.includes('\0')) {
      this.lastId = value;
    } else if (name === 'retry' && /^\d+$/.test(value)) {
      this.retryMillis = Number(value);
    }
    return null;
  }

  #complete() {
    const event = this.#data.length === 0
      ? null
      : { type: this.#type || 'message', data: this.#data.join('\n') };
    this.#type = '';
    this.#data = [];
    return event;
  }
}

/**
 * Listens until it is aborted, the service says that there is nothing more to come (204), or refuses for good, which is
 * thrown. Whatever else ends the stream, it comes back with Last-Event-ID, later each time while that fails.
 *
 * @param hear is given the type and the JSON of each event
 * @param tell is told whether the stream is open, each time that changes
 */
export async function listen(path, signal, hear, tell = () => {}) {
  let lastId = '';
  let retryMillis = 1000;
  let failures = 0;
  while (!signal.aborted) {
    try {
      const response = await open(path, lastId, signal);
      if (response.status === 204) {
        return;
      }
      tell(true);
      const parser = new EventParser();
      parser.lastId = lastId;
      for await (const text of pieces(response.body)) {
        failures = 0;
        for (const { type, data } of parser.read(text)) {
          lastId = parser.lastId;
          hear(type, JSON.parse(data));
        }
        retryMillis = parser.retryMillis;
      }
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      if (error instanceof Problem && error.status < 500 && error.status !== 429) {
        throw error;
      }
      failures++;
    }
    tell(false);
    const pause = Math.min(MOST_PAUSE_MILLIS, retryMillis * 2 ** Math.min(failures, 10));
    await sleep(pause * (0.5 + Math.random() / 2), signal);
  }
}

function open(path, lastId, signal) {
  const resumed = lastId === '' ? {} : { 'Last-Event-ID': lastId };
  return request(path, { signal, headers: { Accept: 'text/event-stream', ...resumed } });
}

async function* pieces(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  try {
    for (;;) {
      const { done, value } = await noSilence(reader.read());
      if (done) {
        return;
      }
      yield decoder.decode(value, { stream: true });
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

async function noSilence(read) {
  let timer;
  const silence = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error('The stream is silent.')), MOST_SILENCE_MILLIS);
  });
  try {
    return await Promise.race([read, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function sleep(millis, signal) {
  return new Promise(resolve => {
    const timer = setTimeout(resolve, millis);
    signal.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}
