// Shows what was read: the answer, the picture with its boxes, and for the digit selected all there is to know.

import { byId, make, percent } from '/dom.js';
import { drawOverlay } from '/overlay.js';

const SMALL = 100; // pictures with shorter sides are shown pixel by pixel

const STEPS = {
  picture: 'The picture in grey',
  ground: 'The paper under the ink, as it would look empty',
  darkness: 'How much darker each place is than the paper',
  ink: 'The ink',
};

// A network's last tenths of a percent are not to be trusted.
const sureness = share => share > 0.999 ? 'more than 99.9 %' : percent(share);

const digitWords = digit => ({
  'digit': `This is a ${digit.digit}, ${sureness(digit.probability)} sure.`,
  'ambiguous': `Could be ${digit.digit} (${percent(digit.probability)}) or ${digit.runnerUp} (${percent(digit.runnerUpProbability)}).`,
  'not-a-digit': `This is not a digit; the closest one is ${digit.digit}.`,
}[digit.verdict]);

function verdictWords(reading) {
  const counted = reading.digits.filter(digit => digit.verdict !== 'not-a-digit');
  const refused = reading.digits.length - counted.length;
  const also = refused === 0 ? '' : ` ${refused === 1 ? 'One more piece of ink is' : `${refused} more pieces of ink are`} not a digit.`;
  if (reading.verdict === 'blank') return 'There is no ink in this picture.';
  if (counted.length === 0) return reading.digits.length === 1 ? 'There is ink, but it is not a digit.' : 'There is ink, but none of it is a digit.';
  if (counted.length === 1) return digitWords(counted[0]) + also;
  const unsure = counted.filter(digit => digit.verdict === 'ambiguous').map(digit => `${digit.digit} could be ${digit.runnerUp}`);
  return `${counted.length} digits found.${unsure.length > 0 ? ` Not sure of all: the ${unsure.join(', the ')}.` : ''}${also}`;
}

const headline = reading => reading.verdict === 'blank' ? 'Nothing to read' : reading.verdict === 'not-a-digit' ? 'Not a digit' : `Predicted: ${reading.text}`;

/** Shows a reading. `source` is the picture's URL, `name` what the caption calls it. */
export function show(reading, source, name) {
  byId('predicted').textContent = headline(reading);
  byId('predicted').classList.toggle('empty', reading.verdict === 'blank' || reading.verdict === 'not-a-digit');
  byId('verdict').textContent = verdictWords(reading);
  byId('result').hidden = false;
  byId('caption').textContent = `${name}, ${reading.width}×${reading.height} pixels`;
  showPicture(reading, source, name);
  const first = reading.digits.findIndex(digit => digit.verdict !== 'not-a-digit');
  select(reading, first >= 0 ? first : 0);
  showSteps(reading);
}

/** Shows that there is nothing to read. */
export function showNothing() {
  byId('predicted').textContent = 'Nothing to read yet';
  byId('predicted').classList.add('empty');
  byId('verdict').textContent = 'The answer appears here as you draw.';
  byId('result').hidden = true;
}

function showPicture(reading, source, name) {
  const given = byId('given');
  given.onerror = () => {
    // The browser cannot show this format: the server's grey copy can be shown.
    given.onerror = null;
    given.src = reading.steps[0].picture;
  };
  given.src = source;
  given.alt = `${name}: ${headline(reading)}`;
  given.classList.toggle('small', Math.min(reading.width, reading.height) < SMALL);
  // As large as the picture, but not beyond its column or 22rem of height; tiny pictures are enlarged.
  const ratio = reading.width / reading.height;
  byId('frame').style.aspectRatio = `${ratio}`;
  byId('frame').style.width = `min(100%, ${22 * ratio}rem, ${Math.max(reading.width, 200)}px)`;
  byId('boxes').replaceChildren(...reading.digits.map((digit, index) => {
    const label = digit.verdict === 'not-a-digit' ? '?' : `${digit.digit}`;
    const box = make('button', { type: 'button', onclick: () => select(reading, index) }, make('span', { textContent: label }));
    box.setAttribute('aria-label', `Digit ${index + 1} of ${reading.digits.length}: ${digit.verdict === 'not-a-digit' ? 'not a digit' : label}`);
    box.style.left = `${100 * digit.box.x / reading.width}%`;
    box.style.top = `${100 * digit.box.y / reading.height}%`;
    box.style.width = `${100 * digit.box.width / reading.width}%`;
    box.style.height = `${100 * digit.box.height / reading.height}%`;
    box.classList.toggle('inside', digit.box.y / reading.height < 0.08);
    box.classList.toggle('refused', digit.verdict === 'not-a-digit');
    return box;
  }));
}

function select(reading, index) {
  const digit = reading.digits[index];
  byId('details').hidden = digit === undefined;
  if (digit === undefined) return;
  [...byId('boxes').children].forEach((box, i) => box.setAttribute('aria-pressed', i === index));
  const detail = reading.details[index];
  byId('digit-title').textContent = reading.digits.length === 1 ? 'The digit' : `Digit ${index + 1} of ${reading.digits.length}`;
  byId('digit-verdict').textContent = reading.digits.length === 1 ? '' : digitWords(digit);
  byId('bars').replaceChildren(...detail.probabilities.map((share, i) => {
    const fill = make('div', { className: 'fill' });
    fill.style.width = `${100 * share}%`;
    const track = make('div', { className: 'track' }, fill);
    track.setAttribute('aria-hidden', 'true');
    return make('li', { className: i === digit.digit ? 'best' : '' }, make('span', { textContent: i }), track, make('span', { className: 'share', textContent: percent(share) }));
  }));
  byId('seen').src = detail.picture;
  byId('seen').alt = `What the network saw of the ${digit.digit}, 28 by 28 pixels, light ink on black.`;
  byId('overlay-digit').textContent = digit.digit;
  byId('overlay').setAttribute('aria-label', `The same picture; pixels that spoke for the ${digit.digit} are red, those against it blue.`);
  drawOverlay(byId('overlay'), detail);
}

function showSteps(reading) {
  byId('steps').replaceChildren(...reading.steps.map(step => {
    const words = STEPS[step.name] ?? step.name.replace('digit-', 'Digit ').replaceAll('-', ' ');
    const picture = make('img', { src: step.picture, alt: '', className: Math.min(step.width, step.height) < SMALL ? 'small' : '' });
    return make('li', {}, picture, make('p', { textContent: words }));
  }));
}
