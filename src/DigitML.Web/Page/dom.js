// Small helpers for building the page.

import { decimal, t } from '/words.js';

export const byId = id => document.getElementById(id);

/** Makes an element: properties are set, children appended. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

/** A measured share: rounded to two decimals, and what is not all is not written as 100 %, as the command line and reports do. */
export const percent = share => `${decimal(share < 1 ? Math.min(100 * share, 99.99) : 100, 2)} %`;

/** How sure the network is of an answer: one decimal, and neither certainty nor impossibility where there is none. */
export const sureness = share => share > 0.999 ? `>${decimal(99.9, 1)} %` : share < 0.001 ? `<${decimal(0.1, 1)} %` : `${decimal(100 * share, 1)} %`;

/** The same within a sentence. */
export const surely = share => share > 0.999 ? t('moreThan', { share: `${decimal(99.9, 1)} %` }) : sureness(share);

/** Leads to the pages that the server has beside its usual ones. */
export function linkOthers({ hasStudy, hasTraining }) {
  const links = [...(hasTraining ? [['/train', 'nav.train']] : []), ...(hasStudy ? [['/study', 'nav.study']] : [])];
  const nav = document.querySelector('nav');
  nav.append(...links.filter(([href]) => !nav.querySelector(`a[href='${href}']`)).map(([href, key]) => make('a', { href, textContent: t(key) })));
}

/** Says what is wrong, or nothing of null; what the server itself said is in English, and marked so for those who hear it. */
export function sayError(element, error) {
  const { message = '', detail = '' } = error ?? {};
  const parts = [message, ...(message && detail ? [' '] : []), ...(detail ? [make('span', { lang: 'en', textContent: detail })] : [])].filter(part => part !== '');
  // Said once, however often it is found out.
  if (element.textContent !== parts.map(part => part.textContent ?? part).join('')) element.replaceChildren(...parts);
}

/** Puts text on the clipboard, and says so in the button for a moment. */
export async function copy(text, button) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Without TLS browsers have no clipboard for scripts but the old one.
    const area = make('textarea', { value: text, className: 'sr-only' });
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
    button.focus();
  }
  const before = button.textContent;
  button.textContent = t('copied');
  setTimeout(() => { button.textContent = before; }, 1500);
}

/** Lets a file be saved. */
export function save(name, content, type) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  make('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
