// Small helpers for building the page.

export const byId = id => document.getElementById(id);

/** Makes an element: properties are set, children appended. */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  Object.assign(element, properties);
  element.append(...children);
  return element;
}

export const percent = (share, decimals = 1) => `${(100 * share).toFixed(decimals)} %`;

/** Leads to the study where the server shows one. */
export function linkStudy({ hasStudy }) {
  if (hasStudy) document.querySelector('nav').append(make('a', { href: '/study', textContent: 'The study' }));
}
