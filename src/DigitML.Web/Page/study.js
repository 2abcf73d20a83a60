// The study page: asks every two seconds how a search stands. Charts are asked for when there are new results.

import { chart, model, study } from '/api.js';
import { byId, linkOthers, make, percent, sayError } from '/dom.js';
import { facts, figure, number, part, section, table } from '/parts.js';
import { count, decimal, t } from '/words.js';

const EVERY = 2000;
// The server keeps a chart for ten seconds, so that the last one is asked for once more after it.
const SETTLED = 12000;
const CHARTS = ['progress', 'rungs', 'settings', 'importance'];

// The server draws the charts, with words in English.
const cards = Object.fromEntries(CHARTS.map(name => [name, make('div', { className: 'scroll study-chart', tabIndex: 0, lang: 'en' })]));
const board = make('div', { className: 'board' });
let drawn = { results: null, at: 0 };
let told = '';
let shown = '';

const quiet = textContent => make('p', { className: 'quiet', textContent });
const seconds = value => value < 120 ? `${decimal(value, 0)} s` : value < 7200 ? `${decimal(value / 60, 1)} min` : `${decimal(value / 3600, 1)} h`;
const size = bytes => bytes < 1e6 ? `${decimal(bytes / 1e3, 0)} kB` : `${decimal(bytes / 1e6, 1)} MB`;
const loss = value => value === null ? t('study.diverged') : decimal(value, 4);
const short = value => typeof value === 'number' ? `${Number(value.toPrecision(4))}` : value;
const pairs = settings => Object.entries(settings).map(([name, value]) => `${name} ${short(value)}`).join(', ');
const score = (answer, trial) => answer.metric === 'LogLoss' ? loss(trial.logLoss) : percent(answer.metric === 'MacroAccuracy' ? trial.macroAccuracy : trial.accuracy);

function standing(answer) {
  const { counts, best } = answer;
  const total = Object.values(counts).reduce((sum, some) => sum + some, 0);
  return section(t('train.standing'), quiet(t('study.setup', { name: answer.name, data: answer.dataset, tuner: answer.tuner, rungs: answer.rungs.join(', '), seed: answer.seed })), make('dl', { className: 'figures' },
    figure(t(`study.best.${answer.metric}`), best ? score(answer, best) : '–', best ? count('study.after', best.epochs, { trial: best.trial }) : t('study.none')),
    figure(t('study.trials'), number(total), t('study.counts', { finished: number(counts.finished), failed: number(counts.failed) })),
    figure(t('study.runs'), number(counts.running), t('study.waiting', { n: number(counts.waiting) })),
    figure(t('train.time'), seconds(answer.trainingSeconds), t('study.timeMore'))));
}

function running(answer) {
  const rows = answer.running.map(trial => [`${trial.trial}`, trial.trainer, trial.epochs > 0 ? `${trial.epochs} → ${trial.nextEpochs}` : `${trial.nextEpochs}`, trial.worker, pairs(trial.settings)]);
  return section(t('study.running'), rows.length > 0
    ? table(t('study.runningMore'), [t('study.trial'), t('study.trainer'), t('train.epochs'), t('study.worker'), t('study.settings')], rows, 'words-last')
    : quiet(t('study.idle')));
}

function top(answer) {
  const rows = answer.top.map(trial => [`${trial.trial}`, trial.trainer, percent(trial.accuracy), percent(trial.macroAccuracy), loss(trial.logLoss), `${trial.epochs}`, decimal(trial.seconds, 1), size(trial.bytes)]);
  return section(t('study.top'), rows.length > 0
    ? table(t('study.topMore'), [t('study.trial'), t('study.trainer'), t('study.accuracy'), t('study.macro'), t('study.loss'), t('train.epochs'), t('study.seconds'), t('study.size')], rows)
    : quiet(t('study.topNone')));
}

const winner = best => section(t('study.winner'), facts(Object.entries(best.settings).map(([name, value]) => [name, short(value)])));

async function draw({ results }) {
  if (drawn.results !== results) drawn = { results, at: Date.now(), isLast: false };
  else if (drawn.isLast || Date.now() - drawn.at < SETTLED) return;
  else drawn.isLast = true;
  for (const name of CHARTS) {
    const svg = new DOMParser().parseFromString(await chart(name), 'image/svg+xml').documentElement;
    cards[name].replaceChildren(document.importNode(svg, true));
    cards[name].setAttribute('role', 'group');
    cards[name].setAttribute('aria-label', svg.getAttribute('aria-label'));
  }
}

/** Tells those who do not see the page of a new best, and of nothing else. */
function tell({ best, ...answer }) {
  const news = best ? t('study.news', { trial: best.trial, metric: t(`study.metric.${answer.metric}`), score: score(answer, best) }) : '';
  if (news !== told) byId('news').textContent = told = news;
}

/** Makes the board anew when something on it changed: what is selected or moved stays so otherwise. */
function show({ ageSeconds, ...answer }) {
  const text = JSON.stringify(answer);
  if (text === shown) return;
  shown = text;
  const focus = document.activeElement?.getAttribute('aria-label');
  board.replaceChildren(standing(answer), top(answer), running(answer), ...(answer.best ? [winner(answer.best)] : []));
  // A table that was being moved by keys is moved on.
  if (focus && document.activeElement === document.body) [...board.querySelectorAll('[tabindex]')].find(element => element.getAttribute('aria-label') === focus)?.focus();
}

function complain(error) {
  sayError(byId('error'), error);
}

async function look() {
  try {
    const answer = await study();
    show(answer);
    if (board.parentElement === null) {
      byId('report').replaceChildren(board, part('card', t('study.went'), cards.progress, cards.rungs), part('card', t('study.why'), cards.settings, cards.importance));
    }
    tell(answer);
    complain(answer.error ? { message: '', detail: answer.error } : answer.ageSeconds > 10 ? { message: t('study.late', { time: seconds(answer.ageSeconds) }) } : null);
    await draw(answer);
  } catch (error) {
    complain(error);
  } finally {
    byId('report').removeAttribute('aria-busy');
    // A page that nobody sees asks less often.
    setTimeout(look, document.hidden ? 10 * EVERY : EVERY);
  }
}

document.title = t('study.title');
model().then(linkOthers, () => { /* What can be linked is linked already. */ });
look();
