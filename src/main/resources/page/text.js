/** How operations are put into words. What came from a client only ever becomes text, never markup. */

export const OVER = new Set(['SUCCEEDED', 'PARTIAL', 'FAILED', 'CANCELLED']);
export const PRIORITIES = ['HIGH', 'DEFAULT', 'HIGH_IDLE', 'DEFAULT_IDLE', 'LOW'];

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** An element with these properties and children. */
export function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

/** Sets a text only if it is another one: what is selected stays selected, and nothing is drawn again. */
export function setText(where, text) {
  if (where.textContent !== text) {
    where.textContent = text;
  }
}

/** A progress element: what is not known has no value. */
export function setProgress(bar, operation) {
  const fraction = OVER.has(operation.state) ? 1 : operation.progress.fraction;
  if (fraction === null) {
    bar.removeAttribute('value');
  } else if (bar.getAttribute('value') !== String(fraction)) {
    bar.value = fraction;
  }
}

/** What it works on. */
export function subject({ kind, request }) {
  switch (kind) {
    case 'copy':
      return `${request.source} → ${request.destination}`;
    case 'delete-batch': {
      const more = (request.pathCount ?? request.paths.length) - 1;
      const first = request.paths[0] ?? 'nothing';
      return more > 0 ? `${first} and ${more} more` : first;
    }
    case 'connect':
      return request.addressFile;
    default:
      return '';
  }
}

export function counts({ total, totalExact, pending, failed }) {
  const items = `${total - pending}/${total}${totalExact ? '' : '+'} items`;
  return failed > 0 ? `${items}, ${failed} failed` : items;
}

/** Rate and time left, or the time it took; maybe empty. */
export function speed({ state, progress, startTime, endTime }) {
  if (OVER.has(state)) {
    return startTime && endTime ? `in ${clock((new Date(endTime) - new Date(startTime)) / 1000)}` : '';
  }
  return joined([
    progress.bytesPerSecond === null ? '' : `${bytes(progress.bytesPerSecond)}/s`,
    progress.etaSeconds === null ? '' : `ETA ${clock(progress.etaSeconds)}`,
  ]);
}

export function labels(operation) {
  return Object.entries(operation.labels).map(([key, value]) => `${key}=${value}`).join(', ');
}

export function joined(parts) {
  return parts.filter(part => part !== '').join(' · ');
}

export function bytes(number) {
  let unit = 0;
  while (number >= 1000 && unit < UNITS.length - 1) {
    number /= 1000;
    unit++;
  }
  return `${unit === 0 ? number : number.toFixed(1)} ${UNITS[unit]}`;
}

export function time(text) {
  return text === null ? '' : new Date(text).toLocaleString();
}

function clock(seconds) {
  const [h, m, s] = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(Math.floor);
  const two = number => String(number).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** A line about an item: its path, and what happened to it. */
export function itemLine({ path, destination, state, code, detail }) {
  const line = element('li', {}, element('bdi', { textContent: path }));
  if (destination) {
    line.append(' → ', element('bdi', { textContent: destination }));
  }
  const ending = code ?? state;
  line.append(' ', element('strong', { textContent: ending }));
  if (detail) {
    line.append(' ', element('bdi', { className: 'note', textContent: detail }));
  }
  return line;
}
