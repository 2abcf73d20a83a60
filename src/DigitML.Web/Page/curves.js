// Learning curves as SVG: one value an epoch, training solid and validation dashed.

import { make } from '/dom.js';

const WIDTH = 480;
const HEIGHT = 260;
const LEFT = 58;
const RIGHT = 12;
const TOP = 28;
const BOTTOM = 34;

function svg(tag, attributes, text = '') {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.textContent = text;
  return element;
}

/** A figure of two curves over epochs. `format` writes the values of the axis. */
export function curves(title, epochs, train, validation, format) {
  const values = epochs.flatMap(epoch => [epoch[train], epoch[validation]]).filter(value => value != null);
  const low = Math.min(...values);
  const high = Math.max(...values, low + 1e-9);
  const x = epoch => LEFT + (WIDTH - LEFT - RIGHT) * (epochs.length === 1 ? 0.5 : (epoch - epochs[0].epoch) / (epochs.at(-1).epoch - epochs[0].epoch));
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low);
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': `${title}: from ${format(epochs[0]?.[train] ?? 0)} to ${format(epochs.at(-1)?.[train] ?? 0)} in training` });
  for (let i = 0; i <= 4; i++) {
    const value = low + (high - low) * i / 4;
    picture.append(
      svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
      svg('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, format(value)));
  }
  for (const epoch of new Set([epochs[0], epochs[Math.floor((epochs.length - 1) / 2)], epochs.at(-1)])) {
    if (epoch) picture.append(svg('text', { x: x(epoch.epoch), y: HEIGHT - 14, 'text-anchor': 'middle' }, `${epoch.epoch}`));
  }
  [[train, 'train', 'training', LEFT], [validation, 'validation', 'validation', LEFT + 80]].forEach(([field, className, label, left]) => {
    const points = epochs.filter(epoch => epoch[field] != null).map(epoch => `${x(epoch.epoch)},${y(epoch[field])}`);
    if (points.length > 0) {
      picture.append(svg('polyline', { class: className, points: points.join(' ') }), svg('text', { class: `key-${className}`, x: left, y: 14 }, label));
    }
  });
  return make('figure', { className: 'chart' }, picture, make('figcaption', { textContent: title }));
}
