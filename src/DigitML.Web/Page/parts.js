// The parts that reports on pages are made of: cards, figures, facts and tables.

import { make, percent } from '/dom.js';
import { number } from '/words.js';

export { number };
export const share = value => value === null ? '–' : percent(value);

export function section(title, ...children) {
  return part('card', title, ...children);
}

export const half = (title, ...children) => part('card half', title, ...children);

export function part(className, title, ...children) {
  const id = `part-${title.toLowerCase().replaceAll(' ', '-')}`;
  const element = make('section', { className }, make('h2', { id, textContent: title }), ...children);
  element.setAttribute('aria-labelledby', id);
  return element;
}

let tables = 0;

export const figure = (name, value, note = '') => make('div', {}, make('dt', { textContent: name }), make('dd', {}, value, make('small', { textContent: note })));

export const facts = pairs => make('dl', { className: 'facts' }, ...pairs.flatMap(([name, value]) => [make('dt', { textContent: name }), make('dd', { textContent: value })]));

export function table(caption, columns, rows, className = '') {
  const heading = text => {
    // The corner of a matrix heads nothing.
    if (text === '') return make('td');
    const cell = make('th', { textContent: text });
    cell.scope = 'col';
    return cell;
  };
  const body = rows.map(([name, ...cells]) => {
    const head = make('th', { textContent: name });
    head.scope = 'row';
    return make('tr', {}, head, ...cells.map(cell => cell instanceof Node ? cell : make('td', { textContent: cell })));
  });
  // The words stand outside of what scrolls, so that they are never cut.
  const id = `table-${++tables}`;
  const words = make('p', { id, className: 'quiet', textContent: caption });
  const scroll = make('div', { className: 'scroll', tabIndex: 0 }, make('table', { className }, make('thead', {}, make('tr', {}, ...columns.map(heading))), make('tbody', {}, ...body)));
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', caption);
  scroll.firstChild.setAttribute('aria-labelledby', id);
  return make('div', { className: 'table' }, words, scroll);
}
