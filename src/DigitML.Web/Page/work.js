// The question under way: a newer one replaces it, it can be taken back, and while it lasts the old answer is dimmed and its progress shown.

import { byId } from '/dom.js';
import { t } from '/words.js';

const SOON = 300; // milliseconds: what is answered sooner needs no bar

/** Makes the place for the question under way; `cancelled` is called when the visitor takes it back. */
export function createWork(cancelled) {
  let running = null;
  let timer = 0;

  function tell({ sent, waits }) {
    const bar = byId('progress-bar');
    const isSending = !waits && sent < 1;
    byId('progress-words').textContent = waits ? t('waiting') : isSending ? t('sending', { share: Math.floor(100 * sent) }) : t('reading');
    if (isSending) bar.value = sent;
    else bar.removeAttribute('value');
  }

  function end() {
    clearTimeout(timer);
    running = null;
    byId('progress').hidden = true;
    byId('answer').removeAttribute('aria-busy');
  }

  byId('cancel').addEventListener('click', () => {
    running?.abort();
    end();
    cancelled();
    byId('said').focus({ preventScroll: true });
  });

  return {
    get isRunning() { return running !== null; },
    abort() {
      running?.abort();
      end();
    },
    /** Does work that can be taken back: it is given a signal, and tells its progress. */
    async run(job) {
      running?.abort();
      const mine = running = new AbortController();
      byId('answer').setAttribute('aria-busy', 'true');
      clearTimeout(timer);
      timer = setTimeout(() => { byId('progress').hidden = false; }, SOON);
      tell({ sent: 0 });
      try {
        await job({ signal: mine.signal, progress: state => mine === running && tell(state) });
      } finally {
        if (mine === running) end();
      }
    },
  };
}
