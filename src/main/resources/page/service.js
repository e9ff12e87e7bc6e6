/**
 * Requests to the service that this page came from. Addresses are relative to the page, so that it
 * works below any path that a proxy gives it.
 */

const STORED_AS = 'asyncops.token';

/** An answer that is a problem document, or what stands for one. */
export class Problem extends Error {
  constructor(status, document) {
    super(document.detail ?? document.title ?? `The service answered ${status}.`);
    this.status = status;
    this.errors = document.errors ?? [];
  }
}

/** A new value for Idempotency-Key. Not crypto.randomUUID(): that is there over HTTPS and on localhost only. */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
}

/** The response, if it is a good one; asks for a token where the service wants one, and tries again. */
export async function request(path, options = {}) {
  for (;;) {
    const token = sessionStorage.getItem(STORED_AS);
    const headers = new Headers(options.headers);
    if (token) {
      headers.set('Authorization', `Bearer ${token}`);
    }
    const response = await fetch(path, { cache: 'no-store', ...options, headers });
    if (response.ok) {
      return response;
    }
    if (response.status !== 401) {
      throw new Problem(response.status, await response.json().catch(() => ({})));
    }
    await response.body?.cancel();
    if (token === sessionStorage.getItem(STORED_AS)) {
      await askForToken(token !== null);
    }
  }
}

/** The JSON of an answer; a body is sent as JSON. */
export async function call(method, path, body, headers = {}) {
  const content = body === undefined ? {} : { body: JSON.stringify(body) };
  const type = body === undefined ? {} : { 'Content-Type': 'application/json' };
  return (await request(path, { method, ...content, headers: { ...type, ...headers } })).json();
}

let asked = null;

/** Asks once, however many requests wait for it. */
function askForToken(wasRefused) {
  asked ??= new Promise((resolve, reject) => {
    const dialog = document.getElementById('token-dialog');
    const input = document.getElementById('token');
    document.getElementById('token-why').textContent = wasRefused
      ? 'The service did not accept the token.'
      : 'The service wants to know who you are.';
    input.value = '';
    dialog.returnValue = '';
    dialog.querySelector('form').onsubmit = () => sessionStorage.setItem(STORED_AS, input.value);
    dialog.onclose = () => {
      asked = null;
      if (input.value === '') {
        reject(new Problem(401, { detail: 'The service wants a token. Load the page again to enter one.' }));
      } else {
        input.value = '';
        resolve();
      }
    };
    dialog.oncancel = () => { input.value = ''; };
    dialog.showModal();
  });
  return asked;
}
