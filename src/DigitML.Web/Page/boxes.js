// The boxes of digits over a picture, and outlines of ink that was left out. A label never lies over a digit where there is room beside it.

import { make } from '/dom.js';

const LABEL = { width: 20, height: 20 }; // pixels of the screen, as style.css has it
const SIDES = ['above', 'below', 'left', 'right'];

const share = (a, b) => Math.max(0, Math.min(a.right, b.right) - Math.max(a.left, b.left)) * Math.max(0, Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top));

function labelAt(box, side) {
  const left = side === 'left' ? box.left - LABEL.width : side === 'right' ? box.right : box.left;
  const top = side === 'above' ? box.top - LABEL.height : side === 'below' ? box.bottom : box.top;
  return { left, top, right: left + LABEL.width, bottom: top + LABEL.height };
}

/** On which side of its box each label covers least: of other boxes, of labels set before, and of what lies outside the picture. */
export function sidesOf(boxes, width, height) {
  const labels = [];
  return boxes.map(box => {
    const costs = SIDES.map((side, i) => {
      const label = labelAt(box, side);
      const outside = LABEL.width * LABEL.height - share(label, { left: 0, top: -LABEL.height, right: width, bottom: height + LABEL.height });
      return { side, label, cost: i / 100 + outside + [...boxes.filter(other => other !== box), ...labels].reduce((sum, other) => sum + share(label, other), 0) };
    });
    const best = costs.reduce((a, b) => b.cost < a.cost ? b : a);
    labels.push(best.label);
    return best.side;
  });
}

function place(element, box, reading) {
  element.style.left = `${100 * box.x / reading.width}%`;
  element.style.top = `${100 * box.y / reading.height}%`;
  element.style.width = `${100 * box.width / reading.width}%`;
  element.style.height = `${100 * box.height / reading.height}%`;
}

/** Puts a reading's boxes into a layer over its picture. `tell` gives a digit's words, `select` is called with its place; without it they are only seen. */
export function showBoxes(layer, reading, { tell, select }) {
  const size = layer.getBoundingClientRect();
  const scale = { x: size.width / reading.width, y: size.height / reading.height };
  const boxes = reading.digits.map(({ box }) => ({ left: box.x * scale.x, top: box.y * scale.y, right: (box.x + box.width) * scale.x, bottom: (box.y + box.height) * scale.y }));
  const sides = sidesOf(boxes, size.width, size.height);
  layer.replaceChildren(...(reading.leftOut ?? []).map(({ box, reason }) => {
    const outline = make('div', { className: `left-out ${reason}` });
    place(outline, box, reading);
    return outline;
  }), ...reading.digits.map((digit, index) => {
    const label = digit.verdict === 'not-a-digit' ? '?' : `${digit.digit}${digit.verdict === 'ambiguous' ? '?' : ''}`;
    const className = `box ${sides[index]} ${digit.verdict}`;
    const words = make('span', { textContent: label });
    const box = select ? make('button', { type: 'button', className, onclick: () => select(index) }, words) : make('div', { className }, words);
    if (select) box.setAttribute('aria-label', tell(index));
    place(box, digit.box, reading);
    return box;
  }));
}

/** Marks the box that is selected. */
export function markBox(layer, index) {
  [...layer.querySelectorAll('.box')].forEach((box, i) => {
    if (box.matches('button')) box.setAttribute('aria-pressed', i === index);
    else box.classList.toggle('selected', i === index);
  });
}

/** Points at one of the outlines, or at none. */
export function pointAt(layers, index) {
  layers.forEach(layer => [...layer.querySelectorAll('.left-out')].forEach((outline, i) => outline.classList.toggle('pointed', i === index)));
}
