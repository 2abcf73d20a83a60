// The server's API. Its errors are problem details, whose words are shown as they are.

const KEY = 'api-key';

/** An error with words for people. */
export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Remembers the server's key until the tab is closed. */
export function setKey(key) {
  sessionStorage.setItem(KEY, key);
}

async function call(path, options = {}, content = response => response.json()) {
  const key = sessionStorage.getItem(KEY);
  const headers = { ...options.headers, ...(key ? { 'X-Api-Key': key } : {}) };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, 'The server does not answer. Is it still running?');
  }
  if (response.ok) return content(response);
  const problem = await response.json().catch(() => ({}));
  throw new ApiError(response.status, problem.detail ?? `The server answered ${response.status}.`);
}

/** What is read in a picture, with the steps. */
export function read(picture, { single, signal }) {
  const form = new FormData();
  form.append('file', picture, picture.name ?? 'drawing.png');
  return call(`/api/read?steps=true&single=${single}`, { method: 'POST', body: form, signal });
}

/** What the model is. */
export const model = () => call('/api/model');

/** How the study stands. */
export const study = () => call('/api/study');

/** One of the study's charts, as SVG. */
export const chart = name => call(`/api/study/charts/${name}`, {}, response => response.text());
