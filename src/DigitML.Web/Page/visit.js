// What was read in this visit, to come back to. It is in this tab's memory and goes with it.

import { headline } from '/answer.js';
import { byId, make } from '/dom.js';
import { t } from '/words.js';

const MOST = 12;
const entries = []; // { picture, name, reading, url, key }, the newest first

function draw(open) {
  byId('visit').hidden = entries.length === 0;
  byId('visit-list').replaceChildren(...entries.map(entry => {
    const words = t('visit.entry', { text: headline(entry.reading), name: entry.name });
    const button = make('button', { type: 'button', title: words, onclick: () => open(entry) }, make('img', { src: entry.url, alt: '' }), make('span', { textContent: entry.reading.text.replaceAll('\n', ' ') || '–' }));
    button.setAttribute('aria-label', words);
    return make('li', {}, button);
  }));
}

/** Remembers a reading; one of the same key is replaced, as a drawing is by what it grows into. */
export function remember(entry, open) {
  const before = entries.findIndex(other => other.key === entry.key);
  const [old] = before >= 0 ? entries.splice(before, 1) : [];
  entries.unshift({ ...entry, url: URL.createObjectURL(entry.picture) });
  const gone = entries.splice(MOST);
  [...(old ? [old] : []), ...gone].forEach(({ url }) => URL.revokeObjectURL(url));
  draw(open);
}
