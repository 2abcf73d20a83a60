// The page's words in the language that the browser asks for first among those there are; numbers are written as it writes them.

import english from '/words-en.js';

const LANGUAGES = ['en', 'de', 'fr', 'es', 'zh'];

const language = navigator.languages.map(tag => tag.toLowerCase().split('-')[0]).find(tag => LANGUAGES.includes(tag)) ?? 'en';

// A module that does not come leaves the page in English rather than empty.
const words = language === 'en' ? english : await import(`/words-${language}.js`).then(module => module.default, () => english);

export const isEnglish = language === 'en';

/** Whether there are words for a key. */
export const knows = key => key in english;

/** What a key says, with {names} replaced. */
export const t = (key, values = {}) => (words[key] ?? english[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => values[name]);

/** What a key says of a number: `key.one` of one, else `key.many`. */
export const count = (key, n, values = {}) => t(n === 1 ? `${key}.one` : `${key}.many`, { n: number(n), ...values });

export const number = value => value.toLocaleString(language);
export const decimal = (value, decimals) => value.toLocaleString(language, { minimumFractionDigits: decimals, maximumFractionDigits: decimals, useGrouping: false });

/** Writes the words into a part of the page: data-t is an element's text, data-t-NAME its attribute NAME. */
export function write(root = document) {
  document.documentElement.lang = language;
  for (const element of root.querySelectorAll('[data-t]')) element.textContent = t(element.dataset.t);
  for (const element of root.querySelectorAll('[data-t-aria-label]')) element.setAttribute('aria-label', t(element.getAttribute('data-t-aria-label')));
}

if (language !== 'en') write();
