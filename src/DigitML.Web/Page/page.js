// Wires the ways in (pad, files, examples, camera) to the API and its answers to the page.

import { ApiError, correct, example, examples, model, read, setKey } from '/api.js';
import { selected, show, showNothing } from '/answer.js';
import { cut } from '/cut.js';
import { readAll } from '/batch.js';
import { hasCamera, isRunning, start, stop } from '/camera.js';
import { showCode } from '/code.js';
import { byId, copy, linkOthers, make, sayError } from '/dom.js';
import { createPad } from '/pad.js';
import { remember } from '/visit.js';
import { decimal, number, t } from '/words.js';
import { createWork } from '/work.js';

const WHILE_DRAWING = 120; // milliseconds between two questions while a stroke grows
const DRAWING = 'drawing'; // where the tab keeps the strokes, so that Back finds them

let limit = 10_000_000;
let latest = null; // what the page shows, to ask again
let shownUrl = null;
let timer = 0;
let drawings = 0; // a drawing grows until it is cleared

const work = createWork(() => {
  byId('error').textContent = '';
  if (latest) byId('said-status').textContent = t('cancelled');
});

function check(picture, name) {
  if (picture.size > limit) throw new ApiError(413, t('tooLarge', { name, limit: number(limit), size: number(picture.size) }));
}

/** Asks about a picture and shows the answer. `question` has picture, name and isDrawing; key tells one from the next. */
async function ask(question) {
  clearTimeout(timer);
  timer = 0;
  await work.run(async ({ signal, progress }) => {
    latest = question;
    const single = byId('single').checked;
    try {
      check(question.picture, question.name);
      const reading = await read(question.picture, { single, lines: !question.isDrawing, wanted: question.wanted, signal, progress });
      signal.throwIfAborted();
      answer({ ...question, reading, single });
      if (!question.isPassing) remember({ ...question, reading }, reopen);
    } catch (error) {
      if (error.name === 'AbortError' || signal.aborted) return;
      fail(error);
    }
  });
}

/** Shows an answer that was got now or before. */
function answer(question) {
  const { picture, name, reading, isDrawing = false, wanted = [] } = question;
  const url = URL.createObjectURL(picture);
  latest = question;
  show(reading, { source: url, name, isDrawing, wanted, take: box => ask({ ...question, isPassing: false, wanted: box ? [...wanted, box] : [] }) });
  if (shownUrl) URL.revokeObjectURL(shownUrl);
  shownUrl = url;
  showCode({ name: picture.name ?? 'drawing.png', single: question.single ?? byId('single').checked, lines: !isDrawing, steps: true, wanted });
  byId('error').textContent = byId('said-status').textContent = '';
  byId('key-form').hidden = true;
  byId('clear').disabled = false;
  byId('correct-thanks').textContent = '';
}

/** Shows what was read before; a drawing of before is a picture now. */
function reopen(entry) {
  stop();
  work.abort();
  answer({ ...entry, isDrawing: entry.isDrawing && entry.key === `drawing ${drawings}` && !pad.isEmpty });
}

function fail(error) {
  showNothing(t('noAnswer'), t('noAnswer.more'));
  complain(error);
  if (error.status === 401) {
    byId('key-form').hidden = false;
    byId('key').focus();
  }
}

/** Says what is wrong and leaves the answer that stands. */
function complain(error) {
  byId('said-status').textContent = '';
  sayError(byId('error'), error);
}

function forget() {
  clearTimeout(timer);
  timer = 0;
  work.abort();
  latest = null;
  byId('error').textContent = byId('said-status').textContent = '';
  showNothing();
}

const pad = createPad(byId('pad'), isDone => {
  const wasFocused = document.activeElement === byId('undo') || document.activeElement === byId('redo');
  byId('undo').disabled = pad.isEmpty;
  byId('redo').disabled = !pad.canRedo;
  byId('pad-hint').hidden = !pad.isEmpty;
  // A button that is switched off would take the focus away with it.
  if (wasFocused && document.activeElement.disabled !== false) byId('pad').focus({ preventScroll: true });
  if (isDone) keepDrawing();
  if (pad.isEmpty) {
    drawings++;
    byId('clear').disabled = true;
    forget();
  } else {
    byId('clear').disabled = false;
    if (isDone) askAboutDrawing();
    else if (!timer && !work.isRunning) timer = setTimeout(askAboutDrawing, WHILE_DRAWING);
  }
});

function keepDrawing() {
  try {
    sessionStorage.setItem(DRAWING, JSON.stringify(pad.strokes));
  } catch { /* It is too large for the tab's memory: Back will not find it. */ }
}

// A drawing is remembered while it grows too: the question about its last stroke may be left for another.
async function askAboutDrawing() {
  if (isRunning()) stop();
  const picture = await pad.picture();
  if (!pad.isEmpty) await ask({ picture, name: t('drawing'), isDrawing: true, key: `drawing ${drawings}` });
}

let pictures = 0;

/** Reads what was chosen, dropped or pasted: one picture, or several. */
async function take(files) {
  stop();
  if (files.length === 1) {
    await ask({ picture: files[0], name: files[0].name, key: `picture ${pictures++}` });
    return;
  }
  clearTimeout(timer);
  timer = 0;
  await work.run(async ({ signal, progress }) => {
    try {
      await readAll(files, {
        single: byId('single').checked, signal, progress, check,
        open: row => {
          row.key ??= `picture ${pictures++}`;
          answer(row);
          remember(row, reopen);
        },
      });
    } catch (error) {
      if (error.name !== 'AbortError') fail(error);
    }
  });
}

byId('undo').addEventListener('click', () => pad.undo());
byId('redo').addEventListener('click', () => pad.redo());
byId('clear').addEventListener('click', () => {
  stop();
  if (pad.isEmpty) {
    forget();
    byId('clear').disabled = true;
  } else {
    pad.clear();
  }
  byId('pad').focus({ preventScroll: true });
});
byId('pen-width').addEventListener('input', event => {
  pad.setWidth(event.target.valueAsNumber);
  byId('pen-width-value').textContent = event.target.value;
});
byId('single').addEventListener('change', () => latest && ask({ ...latest, wanted: [] }));
byId('copy').addEventListener('click', event => copy(event.currentTarget.dataset.text, event.currentTarget));

for (const id of ['file', 'camera']) {
  byId(id).addEventListener('change', event => {
    const files = [...event.target.files];
    event.target.value = ''; // the same file may be chosen again
    if (files.length > 0) take(files);
  });
}

function filesIn(transfer) {
  const files = [...transfer.files];
  const images = files.filter(file => file.type.startsWith('image/'));
  return images.length > 0 ? images : files;
}

document.addEventListener('dragover', event => {
  event.preventDefault();
  byId('drop').classList.add('over');
});
document.addEventListener('dragleave', event => {
  if (event.relatedTarget === null) byId('drop').classList.remove('over');
});
document.addEventListener('drop', event => {
  event.preventDefault();
  byId('drop').classList.remove('over');
  const files = filesIn(event.dataTransfer);
  if (files.length > 0) take(files);
  else complain(new Error(t('noFile')));
});
document.addEventListener('paste', event => {
  const files = filesIn(event.clipboardData);
  if (files.length > 0) take(files);
  else if (!event.target.closest?.('input, textarea')) complain(new Error(t('noPaste')));
});

byId('live').hidden = !hasCamera();
byId('live').addEventListener('click', async () => {
  if (isRunning()) {
    stop();
    return;
  }
  try {
    await start(picture => ask({ picture, name: t('live.name'), isPassing: true, key: 'live' }));
  } catch (error) {
    complain(error);
  }
});

byId('key-form').addEventListener('submit', event => {
  event.preventDefault();
  setKey(byId('key').value);
  byId('key').value = '';
  showExamples();
  if (latest) ask(latest);
});

byId('correct').addEventListener('submit', async event => {
  event.preventDefault();
  if (!latest) return;
  try {
    // Of several digits it is the one that is selected.
    const { digit, count } = selected();
    await correct(count > 1 ? await cut(latest.picture, latest.reading, digit.box) : latest.picture, byId('correct-text').value.trim());
    byId('correct-thanks').textContent = t('correct.thanks');
  } catch (error) {
    complain(error);
  }
});

async function showExamples() {
  const names = await examples().catch(() => []);
  byId('examples').hidden = names.length === 0;
  byId('examples-list').replaceChildren(...names.map(name => {
    const button = make('button', {
      type: 'button',
      onclick: async () => {
        try {
          await take([await example(name)]);
        } catch (error) {
          complain(error);
        }
      },
    }, make('img', { src: `/examples/${encodeURIComponent(name)}`, alt: '', loading: 'lazy', width: 56, height: 56 }));
    button.setAttribute('aria-label', t('example', { name: name.replace(/\.png$/, '') }));
    return make('li', {}, button);
  }));
}

showNothing();
showExamples();
model().then(described => {
  linkOthers(described);
  limit = described.limits.bodyBytes;
  byId('limit').textContent = `${Number((limit / 1_000_000).toFixed(1)) === Math.round(limit / 1_000_000) ? Math.round(limit / 1_000_000) : decimal(limit / 1_000_000, 1)} MB`;
  byId('correct').hidden = !described.keepsCorrections;
  if (described.keepsCorrections) byId('forgotten').textContent = t('kept');
}, () => { /* The server says so itself when a picture is too large. */ });

try {
  pad.restore(JSON.parse(sessionStorage.getItem(DRAWING) ?? '[]'));
} catch { /* Nobody can draw what is not there. */ }
