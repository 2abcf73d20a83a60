// Shows what was read: the headline, how probable each digit is, what the network saw, what was left out, and the steps.

import { markBox, pointAt, showBoxes } from '/boxes.js';
import { byId, make, sureness, surely } from '/dom.js';
import { showLayers, showSimilar } from '/layers.js';
import { drawOverlay } from '/overlay.js';
import { count, t } from '/words.js';

const SMALL = 100; // pictures with shorter sides are shown pixel by pixel
const MOST_LEFT_OUT = 5; // told one by one

const isRefused = digit => digit.verdict === 'not-a-digit';
let shown = null; // what is on the page, for what its size or a click changes

const digitWords = digit => ({
  'digit': () => t('is', { digit: digit.digit, sure: surely(digit.probability) }),
  'ambiguous': () => t('couldBe', { digit: digit.digit, sure: sureness(digit.probability), other: digit.runnerUp, otherSure: sureness(digit.runnerUpProbability) }),
  'not-a-digit': () => t('isNone', { digit: digit.digit }),
}[digit.verdict]());

function verdictWords(reading) {
  const counted = reading.digits.filter(digit => !isRefused(digit));
  const refused = reading.digits.length - counted.length;
  const also = refused === 0 ? '' : ` ${count('refused', refused)}`;
  if (reading.verdict === 'blank') return t('blank.more');
  if (counted.length === 0) return t(reading.digits.length === 1 ? 'noDigit.one' : 'noDigit.many');
  if (counted.length === 1) return digitWords(counted[0]) + also;
  const unsure = counted.filter(digit => digit.verdict === 'ambiguous').map(digit => t('unsure.one', { digit: digit.digit, other: digit.runnerUp }));
  return `${t('found', { n: counted.length })}${unsure.length > 0 ? ` ${t('unsure', { list: unsure.join(', ') })}` : ''}${also}`;
}

/** The answer in a line of text. */
export const headline = reading => reading.verdict === 'blank' ? t('blank') : reading.verdict === 'not-a-digit' ? t('noDigit') : t('predicted') + reading.text;

/** What a box or a digit of the headline is called. */
function nameOf(reading, index) {
  const digit = reading.digits[index];
  const what = isRefused(digit) ? t('none') : digit.verdict === 'ambiguous' ? t('doubtful', { digit: digit.digit }) : `${digit.digit}`;
  return t('box', { i: index + 1, n: reading.digits.length, what });
}

/** The headline: rows as rows, each digit a button, the doubtful ones marked. */
function writeHeadline(reading) {
  const title = byId('predicted');
  const isEmpty = reading.verdict === 'blank' || reading.verdict === 'not-a-digit';
  title.classList.toggle('empty', isEmpty);
  if (isEmpty) {
    title.textContent = headline(reading);
    return;
  }
  const counted = reading.digits.map((digit, index) => ({ digit, index })).filter(({ digit }) => !isRefused(digit) || reading.text.length === 1);
  const rows = reading.text.split('\n').map(row => counted.splice(0, row.length).map(({ digit, index }) => {
    const button = make('button', { type: 'button', textContent: `${digit.digit}`, onclick: () => select(index) });
    button.setAttribute('aria-label', nameOf(reading, index));
    button.dataset.index = index;
    if (digit.verdict !== 'digit') {
      button.classList.add('doubtful');
      button.append(make('sup', { textContent: '?', ariaHidden: 'true' }));
    }
    return button;
  }));
  title.replaceChildren(t('predicted'), make('span', { className: 'rows' }, ...rows.flatMap((row, i) => [...(i > 0 ? ['\n'] : []), make('span', { className: 'digits' }, ...row)])));
}

/**
 * Shows a reading. `source` is the picture's URL, `name` what the caption calls it; a drawing is on its pad already and is not shown
 * again. `take` is called with the box of what was left out and is part of a digit, `wanted` are those that were taken in.
 */
export function show(reading, { source, name, isDrawing = false, wanted = [], take = () => {} }) {
  shown = { reading, layers: isDrawing ? [byId('pad-boxes')] : [byId('boxes')] };
  writeHeadline(reading);
  byId('verdict').textContent = verdictWords(reading);
  byId('copy').hidden = reading.text === '';
  byId('copy').dataset.text = reading.text;
  byId('result').hidden = false;
  byId('picture').hidden = isDrawing;
  byId('pad-boxes').replaceChildren();
  byId('boxes').replaceChildren();
  if (!isDrawing) {
    byId('caption').textContent = t('caption', { name, width: reading.width, height: reading.height });
    showPicture(reading, source, name);
  }
  placeBoxes();
  showLeftOut(reading, wanted, take);
  const first = reading.digits.findIndex(digit => !isRefused(digit));
  select(first >= 0 ? first : 0);
  showSteps(reading);
}

/** The digit that is selected, and how many there are. */
export const selected = () => ({ digit: shown?.reading.digits[shown.index], count: shown?.reading.digits.length ?? 0 });

/** Shows that there is nothing to read, or why. */
export function showNothing(title = t('nothing'), more = t('nothing.more')) {
  shown = null;
  byId('predicted').textContent = title;
  byId('predicted').classList.add('empty');
  byId('verdict').textContent = more;
  byId('copy').hidden = byId('result').hidden = byId('details').hidden = byId('left-out').hidden = true;
  byId('pad-boxes').replaceChildren();
}

function showPicture(reading, source, name) {
  const given = byId('given');
  given.onerror = () => {
    // The browser cannot show this format: the server's grey copy can be shown.
    given.onerror = null;
    if (reading.steps?.[0]) given.src = reading.steps[0].picture;
  };
  given.src = source;
  given.alt = `${name}: ${headline(reading)}`;
  given.classList.toggle('small', Math.min(reading.width, reading.height) < SMALL);
  // As large as the picture, but not beyond its column or 22rem of height; tiny pictures are enlarged.
  const ratio = reading.width / reading.height;
  byId('frame').style.aspectRatio = `${ratio}`;
  byId('frame').style.width = `min(100%, ${22 * ratio}rem, ${Math.max(reading.width, 200)}px)`;
}

function placeBoxes() {
  // On the pad the hand goes on writing: there they are only seen, and the headline's digits are what is pressed.
  shown?.layers.forEach(layer => showBoxes(layer, shown.reading, { tell: index => nameOf(shown.reading, index), select: layer.id === 'boxes' ? select : null }));
}

addEventListener('resize', () => {
  placeBoxes();
  if (shown) shown.layers.forEach(layer => markBox(layer, shown.index));
});

/** What was left out, each with a button that says that it is part of the digit. */
function showLeftOut(reading, wanted, take) {
  const found = reading.leftOut ?? [];
  const list = byId('left-out');
  list.hidden = found.length === 0 && wanted.length === 0;
  const buttons = found.slice(0, MOST_LEFT_OUT).map(({ box, reason }, index) => {
    const button = make('button', { type: 'button', className: 'small-button', textContent: t('leftOut.is', { what: t(reason), width: box.width, height: box.height }), onclick: () => take(box) });
    const point = at => () => pointAt(shown?.layers ?? [], at);
    button.onpointerenter = button.onfocus = point(index);
    button.onpointerleave = button.onblur = point(-1);
    return make('li', {}, button);
  });
  const rest = found.length - buttons.length;
  list.replaceChildren(
    ...(found.length > 0 ? [make('p', { textContent: t('leftOut') })] : []),
    make('ul', {}, ...buttons, ...(rest > 0 ? [make('li', { textContent: t('leftOut.more', { n: rest }) })] : []), ...(wanted.length > 0 ? [make('li', {}, make('button', { type: 'button', className: 'small-button', textContent: t('leftOut.taken'), onclick: () => take(null) }))] : [])));
}

function select(index) {
  const { reading, layers } = shown;
  const digit = reading.digits[index];
  const detail = reading.details?.[index];
  shown.index = index;
  byId('details').hidden = byId('overlay-figure').hidden = detail === undefined;
  showLayers(byId('layers'), detail);
  showSimilar(byId('similar'), detail);
  if (detail === undefined) return;
  layers.forEach(layer => markBox(layer, index));
  byId('predicted').querySelectorAll('button').forEach(button => button.setAttribute('aria-pressed', Number(button.dataset.index) === index));
  byId('digit-title').textContent = reading.digits.length === 1 ? t('digit') : t('digit.of', { i: index + 1, n: reading.digits.length });
  byId('digit-verdict').textContent = reading.digits.length === 1 ? '' : digitWords(digit);
  byId('bars').replaceChildren(...detail.probabilities.map((share, i) => {
    const fill = make('div', { className: 'fill' });
    fill.style.width = `${100 * share}%`;
    const track = make('div', { className: 'track' }, fill);
    track.setAttribute('aria-hidden', 'true');
    return make('li', { className: i === digit.digit ? 'best' : '' }, make('span', { textContent: i }), track, make('span', { className: 'share', textContent: sureness(share) }));
  }));
  byId('seen').src = detail.picture;
  byId('seen').alt = t('seen.alt', { digit: digit.digit });
  byId('overlay-words').textContent = t('overlay', { digit: digit.digit });
  byId('overlay').setAttribute('aria-label', t('overlay.alt', { digit: digit.digit }));
  byId('correct-text').value = digit.digit;
  byId('correct-label').textContent = t('correct.label', { i: index + 1 });
  drawOverlay(byId('overlay'), detail);
}

function showSteps(reading) {
  byId('steps-details').hidden = !reading.steps?.length;
  byId('steps').replaceChildren(...(reading.steps ?? []).map(step => {
    const picture = make('img', { src: step.picture, alt: '', className: Math.min(step.width, step.height) < SMALL ? 'small' : '' });
    return make('li', {}, picture, make('p', { textContent: t(`step.${step.name}`) }));
  }));
}
