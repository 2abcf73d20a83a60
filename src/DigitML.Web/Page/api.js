// The server's API. Its errors are problem details: in English their words are shown as they are, in other languages after words of the page.

import { isEnglish, knows, t } from '/words.js';

const KEY = 'api-key';
const LONGEST_WAIT = 10; // seconds that a server may ask to wait before the one more attempt

/** An error with words for people; `detail` is what the server says beside them, in English. */
export class ApiError extends Error {
  constructor(status, message, { retryAfter = 0, detail = '' } = {}) {
    super(message);
    this.status = status;
    this.retryAfter = retryAfter;
    this.detail = detail;
  }
}

function refusal(status, { detail = '' }, retryAfter = 0) {
  const words = knows(`problem.${status}`) ? t(`problem.${status}`) : t('status', { status });
  return detail && isEnglish ? new ApiError(status, detail, { retryAfter }) : new ApiError(status, words, { retryAfter, detail });
}

/** Remembers the server's key until the tab is closed. */
export function setKey(key) {
  sessionStorage.setItem(KEY, key);
}

export const hasKey = () => sessionStorage.getItem(KEY) !== null;

const keyHeader = () => hasKey() ? { 'X-Api-Key': sessionStorage.getItem(KEY) } : {};

async function call(path, options = {}, content = response => response.status === 204 ? null : response.json()) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...options.headers, ...keyHeader() } });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, t('noServer'));
  }
  if (response.ok) return content(response);
  const problem = await response.json().catch(() => ({}));
  throw refusal(response.status, problem);
}

/** Posts a form; fetch does not tell how far an upload is, so it is done the old way. */
function post(path, form, { signal, progress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const stop = () => request.abort();
    request.open('POST', path);
    Object.entries(keyHeader()).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.upload.onprogress = event => event.lengthComputable && progress({ sent: event.loaded / event.total });
    request.upload.onload = () => progress({ sent: 1 });
    request.onabort = () => reject(new DOMException('The question was taken back.', 'AbortError'));
    request.onerror = () => reject(new ApiError(0, t('noServer')));
    request.onloadend = () => signal?.removeEventListener('abort', stop);
    request.onload = () => {
      let answer = {};
      try {
        answer = JSON.parse(request.responseText);
      } catch { /* Not from this server: its status has to do. */ }
      if (request.status === 200) resolve(answer);
      else reject(refusal(request.status, answer, Number(request.getResponseHeader('Retry-After')) || 0));
    };
    if (signal?.aborted) return request.onabort();
    signal?.addEventListener('abort', stop);
    request.send(form);
  });
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(new DOMException('The question was taken back.', 'AbortError'));
    });
  });
}

/** The address of a question. */
export function readPath({ single = false, lines = true, steps = false, wanted = [] }) {
  const query = new URLSearchParams();
  if (steps) query.set('steps', 'true');
  if (single) query.set('single', 'true');
  if (!lines) query.set('lines', 'false');
  wanted.forEach(box => query.append('wanted', [box.x, box.y, box.width, box.height].join(',')));
  return `/api/read${query.size > 0 ? `?${query}` : ''}`;
}

/**
 * What is read in a picture. `progress` is told { sent: 0 to 1 } while it is sent and { waits: true } while a busy server is
 * waited for: it is asked once more after as long as it said.
 */
export async function read(picture, { single, lines, steps = true, wanted, signal, progress = () => {} }) {
  const path = readPath({ single, lines, steps, wanted });
  const form = () => {
    const fields = new FormData();
    fields.append('file', picture, picture.name ?? 'drawing.png');
    return fields;
  };
  try {
    return await post(path, form(), { signal, progress });
  } catch (error) {
    if (error.status !== 503 && error.status !== 429) throw error;
    progress({ waits: true });
    await pause(Math.min(LONGEST_WAIT, Math.max(1, error.retryAfter)), signal);
    return post(path, form(), { signal, progress });
  }
}

/** What the model is, and what the server allows. */
export const model = () => call('/api/model');

/** The example pictures' names. */
export const examples = () => call('/api/examples');

/** An example picture. */
export const example = async name => new File([await call(`/examples/${encodeURIComponent(name)}`, {}, response => response.blob())], name, { type: 'image/png' });

/** Says what a picture shows. */
export function correct(picture, label) {
  const form = new FormData();
  form.append('file', picture, picture.name ?? 'drawing.png');
  return call(`/api/corrections?label=${encodeURIComponent(label)}`, { method: 'POST', body: form });
}

/** How the study stands. */
export const study = () => call('/api/study');

/** One of the study's charts, as SVG. */
export const chart = name => call(`/api/study/charts/${name}`, {}, response => response.text());

/** How the training stands. */
export const training = () => call('/api/training');

/** Begins a training; its settings are the server's parameters. */
export const beginTraining = settings => call(`/api/training?${new URLSearchParams(settings)}`, { method: 'POST' });

/** Stops it. */
export const stopTraining = () => call('/api/training', { method: 'DELETE' });

/** The best model so far. */
export const trainedModel = () => call('/api/training/model', {}, response => response.blob());
