// The study page: asks every two seconds how a search stands. Charts are asked for when there are new results.

import { chart, study } from '/api.js';
import { byId, make, percent } from '/dom.js';
import { facts, figure, number, part, section, table } from '/parts.js';

const EVERY = 2000;
// The server keeps a chart for ten seconds, so that the last one is asked for once more after it.
const SETTLED = 12000;
const CHARTS = ['progress', 'rungs', 'settings', 'importance'];

const cards = Object.fromEntries(CHARTS.map(name => [name, make('div', { className: 'scroll study-chart', tabIndex: 0 })]));
const board = make('div', { className: 'board' });
let drawn = { results: null, at: 0 };
let told = '';
let shown = '';

const seconds = value => value < 120 ? `${value.toFixed(0)} s` : value < 7200 ? `${(value / 60).toFixed(1)} min` : `${(value / 3600).toFixed(1)} h`;
const size = bytes => bytes < 1e6 ? `${(bytes / 1e3).toFixed(0)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
const epochs = count => `${count} ${count === 1 ? 'epoch' : 'epochs'}`;
const loss = value => value === null ? 'diverged' : value.toFixed(4);
const short = value => typeof value === 'number' ? `${Number(value.toPrecision(4))}` : value;
const words = settings => Object.entries(settings).map(([name, value]) => `${name} ${short(value)}`).join(', ');
const score = (answer, trial) => answer.metric === 'LogLoss' ? loss(trial.logLoss) : percent(answer.metric === 'MacroAccuracy' ? trial.macroAccuracy : trial.accuracy, 2);
const metricName = { Accuracy: 'accuracy', MacroAccuracy: 'macro accuracy', LogLoss: 'log-loss' };

function standing(answer) {
  const { counts, best } = answer;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return section('How it stands', make('p', { className: 'quiet', textContent: `${answer.name}, on ${answer.dataset}: ${answer.tuner} over ${answer.rungs.join(', ')} epochs, seed ${answer.seed}.` }), make('dl', { className: 'figures' },
    figure(`best ${metricName[answer.metric]}`, best ? score(answer, best) : '–', best ? `trial ${best.trial}, after ${epochs(best.epochs)}` : 'no result yet'),
    figure('trials', number(total), `${number(counts.finished)} trained to the end, ${number(counts.failed)} failed`),
    figure('running', number(counts.running), `${number(counts.waiting)} waiting`),
    figure('training so far', seconds(answer.trainingSeconds), 'of all trials together')));
}

function running(answer) {
  const rows = answer.running.map(trial => [`${trial.trial}`, trial.trainer, trial.epochs > 0 ? `${trial.epochs} → ${trial.nextEpochs}` : `${trial.nextEpochs}`, trial.worker, words(trial.settings)]);
  return section('Running', rows.length > 0
    ? table('Trials that a worker trains now.', ['Trial', 'Trainer', 'Epochs', 'Worker', 'Settings'], rows, 'words-last')
    : make('p', { className: 'quiet', textContent: 'Nothing is being trained just now.' }));
}

function top(answer) {
  const rows = answer.top.map(trial => [`${trial.trial}`, trial.trainer, percent(trial.accuracy, 2), percent(trial.macroAccuracy, 2), loss(trial.logLoss), `${trial.epochs}`, trial.seconds.toFixed(1), size(trial.bytes)]);
  return section('The best five', rows.length > 0
    ? table('By the last result of each on validation data.', ['Trial', 'Trainer', 'Accuracy', 'Macro', 'Log-loss', 'Epochs', 'Seconds', 'Size'], rows)
    : make('p', { className: 'quiet', textContent: 'No trial has reached its first rung yet.' }));
}

const winner = best => section('The best trial\'s settings', facts(Object.entries(best.settings).map(([name, value]) => [name, short(value)])));

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
  const news = best ? `Best so far: trial ${best.trial}, ${metricName[answer.metric]} ${score(answer, best)}.` : '';
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

function complain(message) {
  if (byId('error').textContent !== message) byId('error').textContent = message;
}

async function look() {
  try {
    const answer = await study();
    show(answer);
    if (board.parentElement === null) {
      byId('report').replaceChildren(board, part('card', 'How it went', cards.progress, cards.rungs), part('card', 'Why', cards.settings, cards.importance));
    }
    tell(answer);
    complain(answer.error ?? (answer.ageSeconds > 10 ? `The study has not answered for ${seconds(answer.ageSeconds)}; this is how it was.` : ''));
    await draw(answer);
  } catch (error) {
    complain(error.message);
  } finally {
    byId('report').removeAttribute('aria-busy');
    // A page that nobody sees asks less often.
    setTimeout(look, document.hidden ? 10 * EVERY : EVERY);
  }
}

look();
