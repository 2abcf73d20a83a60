// What the units of each hidden layer say of a digit, one square a unit, the stronger the more it says; and drawn digits of which the last says the like.

import { make } from '/dom.js';
import { decimal, number, t } from '/words.js';

const MOST_ACROSS = 64;

/** Draws the layers into an element; a reading without them leaves it hidden. */
export function showLayers(element, detail) {
  const layers = detail?.layers ?? [];
  element.hidden = layers.length === 0;
  element.querySelector('div').replaceChildren(...layers.map((values, i) => {
    const across = Math.min(MOST_ACROSS, Math.ceil(Math.sqrt(4 * values.length)));
    const canvas = make('canvas', { width: across, height: Math.ceil(values.length / across) });
    const words = t('layer', { i: i + 1, n: number(values.length), active: number(values.filter(value => value > 0).length) });
    canvas.setAttribute('role', 'img');
    canvas.setAttribute('aria-label', words);
    const context = canvas.getContext('2d');
    const most = Math.max(...values.map(Math.abs), 1e-9);
    values.forEach((value, at) => {
      const share = Math.sqrt(Math.abs(value) / most);
      // Light on black, as the digit itself; units that speak against are blue.
      context.fillStyle = value >= 0 ? `rgb(${255 * share} ${255 * share} ${255 * share})` : `rgb(${40 * share} ${110 * share} ${255 * share})`;
      context.fillRect(at % across, Math.floor(at / across), 1, 1);
    });
    return make('figure', {}, canvas, make('figcaption', { textContent: words }));
  }));
}

/** Shows the drawn digits that the network takes to be most like the one read; without them the element stays hidden. */
export function showSimilar(element, detail) {
  const similar = detail?.similar ?? [];
  element.hidden = similar.length === 0;
  element.querySelector('ul').replaceChildren(...similar.map(({ digit, likeness, picture }) =>
    make('li', {}, make('img', { src: picture, width: 28, height: 28, alt: t('similar.alt', { digit, likeness: decimal(likeness, 2) }) }), make('span', { textContent: digit }))));
}
