// Wires the three ways in (pad, uploader, camera) to the API and its answers to the page.

import { ApiError, model, read, setKey } from '/api.js';
import { show, showNothing } from '/answer.js';
import { byId, linkStudy } from '/dom.js';
import { createPad } from '/pad.js';

const WHILE_DRAWING = 120; // milliseconds between two questions while a stroke grows

let limit = 10_000_000;
let running = null; // the question under way; a newer one replaces it
let latest = null; // what the page shows, to ask again
let shownUrl = null;
let timer = 0;

async function ask(picture, name) {
  clearTimeout(timer);
  timer = 0;
  running?.abort();
  const question = running = new AbortController();
  latest = { picture, name };
  byId('answer').setAttribute('aria-busy', 'true');
  try {
    if (picture.size > limit) {
      throw new ApiError(413, `${name}: expected a picture of at most ${limit.toLocaleString('en')} bytes but it has ${picture.size.toLocaleString('en')}. Scale it down, or save it as JPEG.`);
    }
    const reading = await read(picture, { single: byId('single').checked, signal: question.signal });
    if (question !== running) return;
    const url = URL.createObjectURL(picture);
    show(reading, url, name);
    if (shownUrl) URL.revokeObjectURL(shownUrl);
    shownUrl = url;
    byId('error').textContent = '';
    byId('key-form').hidden = true;
  } catch (error) {
    if (error.name === 'AbortError' || question !== running) return;
    fail(error);
  } finally {
    if (question === running) {
      running = null;
      byId('answer').removeAttribute('aria-busy');
    }
  }
}

function fail(error) {
  showNothing();
  byId('predicted').textContent = 'No answer';
  byId('verdict').textContent = 'Try another picture, or draw.';
  byId('error').textContent = error.message;
  if (error.status === 401) {
    byId('key-form').hidden = false;
    byId('key').focus();
  }
}

const pad = createPad(byId('pad'), isDone => {
  byId('undo').disabled = byId('clear').disabled = pad.isEmpty;
  byId('pad-hint').hidden = !pad.isEmpty;
  if (pad.isEmpty) {
    clearTimeout(timer);
    timer = 0;
    running?.abort();
    running = latest = null;
    byId('error').textContent = '';
    byId('answer').removeAttribute('aria-busy');
    showNothing();
  } else if (isDone) {
    askAboutDrawing();
  } else if (!timer && !running) {
    timer = setTimeout(askAboutDrawing, WHILE_DRAWING);
  }
});

async function askAboutDrawing() {
  const picture = await pad.picture();
  if (!pad.isEmpty) await ask(picture, 'Your drawing');
}

byId('undo').addEventListener('click', () => pad.undo());
byId('clear').addEventListener('click', () => {
  pad.clear();
  byId('pad').focus({ preventScroll: true });
});
byId('pen-width').addEventListener('input', event => {
  pad.setWidth(event.target.valueAsNumber);
  byId('pen-width-value').textContent = event.target.value;
});
byId('single').addEventListener('change', () => latest && ask(latest.picture, latest.name));

for (const id of ['file', 'camera']) {
  byId(id).addEventListener('change', event => {
    const [file] = event.target.files;
    event.target.value = ''; // the same file may be chosen again
    if (file) ask(file, file.name);
  });
}

function fileIn(transfer) {
  return [...transfer.files].find(file => file.type.startsWith('image/')) ?? transfer.files[0];
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
  const file = fileIn(event.dataTransfer);
  if (file) ask(file, file.name);
  else fail(new Error('Expected a picture file to be dropped, but there was none. Save the picture first, then drop the file.'));
});
document.addEventListener('paste', event => {
  const file = fileIn(event.clipboardData);
  if (file) ask(file, file.name);
  else if (event.target.id !== 'key') fail(new Error('Expected a picture on the clipboard, but there is none. Copy the picture itself, then paste.'));
});

byId('key-form').addEventListener('submit', event => {
  event.preventDefault();
  setKey(byId('key').value);
  byId('key').value = '';
  if (latest) ask(latest.picture, latest.name);
});

showNothing();
model().then(answer => {
  const { limits } = answer;
  linkStudy(answer);
  limit = limits.bodyBytes;
  byId('limit').textContent = `${Math.round(limit / 100_000) / 10} MB`;
}, () => { /* The server says so itself when a picture is too large. */ });
