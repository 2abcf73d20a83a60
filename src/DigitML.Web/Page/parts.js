// The parts that reports on pages are made of: cards, figures, facts and tables.

import { make, percent } from '/dom.js';

export const number = value => value.toLocaleString('en');
export const share = value => value === null ? '–' : percent(value, 2);

export function section(title, ...children) {
  return part('card', title, ...children);
}

export const half = (title, ...children) => part('card half', title, ...children);

export function part(className, title, ...children) {
  const id = title.toLowerCase().replaceAll(' ', '-');
  const element = make('section', { className }, make('h2', { id, textContent: title }), ...children);
  element.setAttribute('aria-labelledby', id);
  return element;
}

export const figure = (name, value, note = '') => make('div', {}, make('dt', { textContent: name }), make('dd', {}, value, make('small', { textContent: note })));

export const facts = pairs => make('dl', { className: 'facts' }, ...pairs.flatMap(([name, value]) => [make('dt', { textContent: name }), make('dd', { textContent: value })]));

export function table(caption, columns, rows, className = '') {
  const heading = text => {
    const cell = make('th', { textContent: text });
    cell.scope = 'col';
    return cell;
  };
  const body = rows.map(([name, ...cells]) => {
    const head = make('th', { textContent: name });
    head.scope = 'row';
    return make('tr', {}, head, ...cells.map(cell => cell instanceof Node ? cell : make('td', { textContent: cell })));
  });
  const scroll = make('div', { className: 'scroll', tabIndex: 0 }, make('table', { className }, make('caption', { textContent: caption }), make('thead', {}, make('tr', {}, ...columns.map(heading))), make('tbody', {}, ...body)));
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', caption);
  return scroll;
}
