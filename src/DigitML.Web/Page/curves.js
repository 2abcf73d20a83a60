// Learning curves as SVG: one value an epoch, training solid and validation dashed.

import { make } from '/dom.js';
import { decimal, t } from '/words.js';

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

/** Round values between two, three to eight of them, and how many decimals tell them apart. */
function ticks(low, high) {
  const third = (high - low) / 3;
  const unit = 10 ** Math.floor(Math.log10(third));
  const step = unit * [5, 2, 1].find(times => times * unit <= third);
  const first = Math.ceil(low / step - 1e-6);
  return { decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-6)), values: Array.from({ length: Math.floor(high / step + 1e-6) - first + 1 }, (_, i) => (first + i) * step) };
}

/** Writes a share of the axis: as many decimals as tell it from the next. */
export const shareTick = (value, decimals) => `${decimal(100 * value, Math.max(0, decimals - 2))} %`;

/** A figure of two curves over epochs. `format` writes a value with so many decimals. */
export function curves(title, epochs, train, validation, format) {
  const values = epochs.flatMap(epoch => [epoch[train], epoch[validation]]).filter(value => value != null);
  const low = Math.min(...values);
  const high = Math.max(...values, low + 0.01);
  const x = epoch => LEFT + (WIDTH - LEFT - RIGHT) * (epochs.length === 1 ? 0.5 : (epoch - epochs[0].epoch) / (epochs.at(-1).epoch - epochs[0].epoch));
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (high - value) / (high - low);
  const picture = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: 'img', 'aria-label': t('model.curve', { title, first: format(epochs[0]?.[train] ?? 0, 4), last: format(epochs.at(-1)?.[train] ?? 0, 4) }) });
  const axis = ticks(low, high);
  for (const value of axis.values) {
    picture.append(
      svg('line', { class: 'grid', x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value) }),
      svg('text', { x: LEFT - 8, y: y(value) + 4, 'text-anchor': 'end' }, format(value, axis.decimals)));
  }
  for (const epoch of new Set([epochs[0], epochs[Math.floor((epochs.length - 1) / 2)], epochs.at(-1)])) {
    if (epoch) picture.append(svg('text', { x: x(epoch.epoch), y: HEIGHT - 14, 'text-anchor': 'middle' }, `${epoch.epoch}`));
  }
  [[train, 'train', t('model.training'), LEFT], [validation, 'validation', t('model.validation'), LEFT + 110]].forEach(([field, className, label, left]) => {
    const points = epochs.filter(epoch => epoch[field] != null).map(epoch => `${x(epoch.epoch)},${y(epoch[field])}`);
    if (points.length > 0) {
      picture.append(svg('polyline', { class: className, points: points.join(' ') }), svg('text', { class: `key-${className}`, x: left, y: 14 }, label));
    }
  });
  return make('figure', { className: 'chart' }, picture, make('figcaption', { textContent: title }));
}
