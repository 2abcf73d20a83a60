// Several pictures at once: one after the other is read, a table says what was read, and takes it along as CSV or JSON.

import { read } from '/api.js';
import { byId, make, save, sayError, sureness } from '/dom.js';
import { t } from '/words.js';

let rows = [];

const quoted = text => /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

const least = reading => reading.digits.length === 0 ? null : Math.min(...reading.digits.map(digit => digit.probability));

const asCsv = () => ['file,text,verdict,digits,least_probability,error', ...rows.map(({ name, reading, error }) => [
  name, reading?.text ?? '', reading?.verdict ?? '', reading ? reading.digits.length : '', reading ? least(reading) ?? '' : '', error ? error.detail || error.message : '',
].map(value => quoted(`${value}`)).join(','))].join('\r\n') + '\r\n';

const asJson = () => JSON.stringify(rows.map(({ name, reading, error }) => {
  if (!reading) return { file: name, error: error.detail || error.message };
  const { steps, details, ...document } = reading;
  return document;
}), null, 2);

function rowOf(row, open) {
  const button = make('button', { type: 'button', className: 'small-button', textContent: row.name, disabled: !row.reading, onclick: () => open(row) });
  const head = make('th', {}, button);
  head.scope = 'row';
  if (row.error) {
    const cell = make('td', { className: 'wrong' });
    sayError(cell, row.error);
    cell.colSpan = 3;
    return make('tr', {}, head, cell);
  }
  const { reading } = row;
  const sure = reading && least(reading);
  return make('tr', {}, head,
    make('td', { textContent: reading ? reading.text || '–' : '', className: 'text' }),
    make('td', { textContent: reading ? t(`verdict.${reading.verdict}`) : '', className: reading?.verdict === 'ambiguous' ? 'doubtful' : '' }),
    make('td', { textContent: sure == null ? '' : sureness(sure) }));
}

function draw(open) {
  byId('batch-count').textContent = t('batch.done', { done: rows.filter(row => row.reading || row.error).length, n: rows.length });
  byId('batch-rows').replaceChildren(...rows.map(row => rowOf(row, open)));
  byId('batch-csv').disabled = byId('batch-json').disabled = rows.some(row => !row.reading && !row.error);
}

/** Reads pictures one after the other. `open` is called with a row of the table to show it. */
export async function readAll(files, { single, signal, check, open, progress }) {
  rows = files.map(file => ({ name: file.name, picture: file }));
  byId('batch').hidden = false;
  draw(open);
  for (const row of rows) {
    try {
      check(row.picture, row.name);
      row.reading = await read(row.picture, { single, signal, progress });
    } catch (error) {
      if (error.name === 'AbortError') {
        rows = rows.filter(other => other.reading || other.error);
        draw(open);
        throw error;
      }
      if (error.status === 401) throw error;
      row.error = error;
    }
    draw(open);
    if (row.reading && row === rows.find(other => other.reading)) open(row);
  }
}

byId('batch-csv').addEventListener('click', () => save('digits.csv', asCsv(), 'text/csv'));
byId('batch-json').addEventListener('click', () => save('digits.json', asJson(), 'application/json'));
