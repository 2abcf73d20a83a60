// The model page: what the model's files say, as figures, tables and curves.

import { model } from '/api.js';
import { curves } from '/curves.js';
import { byId, linkStudy, make, percent } from '/dom.js';
import { facts, figure, half, number, section, share, table } from '/parts.js';

const dataName = ({ dataset, synthetic }) => synthetic && !dataset.includes('synthetic') ? `${dataset} (synthetic)` : dataset;

function accuracy(evaluation) {
  const { lower, upper } = evaluation.accuracyInterval;
  return section('How good it is', make('p', { className: 'quiet', textContent: `Measured on ${number(evaluation.count)} pictures that it was not trained on: ${dataName(evaluation)}.` }), make('dl', { className: 'figures' },
    figure('read correctly', share(evaluation.accuracy), `95 % interval: ${percent(lower, 2)} to ${percent(upper, 2)}`),
    figure('mean over the digits', share(evaluation.macroAccuracy), 'each digit weighing the same'),
    figure('log-loss', evaluation.logLoss.toFixed(4), 'in nats; lower is better'),
    figure('calibration error', share(evaluation.expectedCalibrationError), 'how far sureness and truth lie apart')));
}

function confusion(evaluation) {
  const matrix = evaluation.confusionMatrix;
  const worst = Math.max(1, ...matrix.flatMap((row, i) => row.filter((_, j) => i !== j)));
  const rows = matrix.map((row, i) => [`${i}`, ...row.map((count, j) => {
    const cell = make('td', { textContent: number(count), className: count === 0 ? 'zero' : '' });
    const strength = i === j ? 0.25 : 0.45 * count / worst;
    cell.style.backgroundColor = count === 0 ? '' : `rgb(var(${i === j ? '--heat' : '--wrong'}), ${strength})`;
    return cell;
  })]);
  return half('What it confuses', table('Rows: the digit written. Columns: the digit read. Blue is right; the redder, the more often wrong.', ['', ...matrix.map((_, i) => `${i}`)], rows, 'matrix'));
}

function perDigit(evaluation) {
  return half('Digit by digit', table('Recall: share of the digit\'s pictures that were read as it. Precision: share of the pictures read as it that are it.', ['Digit', 'Pictures', 'Recall', 'Precision', 'F1'],
    evaluation.perClass.map(metrics => [`${metrics.class}`, number(metrics.support), share(metrics.recall), share(metrics.precision), share(metrics.f1)])));
}

function training(history) {
  const epochs = history.epochs;
  const last = epochs[history.bestEpoch - 1] ?? epochs.at(-1);
  const made = history.options.madeImages ?? 0;
  const pictures = `${number(history.trainingImages - made)} pictures of ${dataName(history)}${made > 0 ? ` and ${number(made)} made of them` : ''}`;
  const words = `Trained on ${pictures} in ${history.trainSeconds.toFixed(1)} s on ${history.threads} ${history.threads === 1 ? 'thread' : 'threads'}: ${epochs.length} epochs, of which epoch ${history.bestEpoch} was kept.`;
  return section('How it learned', make('p', { className: 'quiet', textContent: words }), make('div', { className: 'charts' },
    curves('Loss by epoch, in nats; lower is better', epochs, 'trainLoss', 'validationLoss', value => value.toPrecision(2)),
    curves('Share read correctly by epoch; higher is better', epochs, 'trainAccuracy', 'validationAccuracy', value => percent(value))),
  last === undefined ? '' : make('p', { className: 'quiet', textContent: `At epoch ${last.epoch}: training loss ${last.trainLoss.toFixed(4)}${last.validationLoss == null ? '' : `, validation loss ${last.validationLoss.toFixed(4)}, validation accuracy ${percent(last.validationAccuracy, 2)}`}.` }));
}

const missing = (title, file) => section(title, make('p', { className: 'quiet', textContent: `The model ships without ${file}, so nothing is known of this.` }));

function identity({ hash, layers, parameters, metadata }) {
  return section('What it is', facts([
    ['Network', `${layers.join(' – ')} units: a multilayer perceptron with ReLU and softmax`],
    ['Parameters', number(parameters)],
    ['SHA-256', hash],
    ...Object.entries(metadata).filter(([, value]) => value.length <= 200),
  ]));
}

model().then(answer => {
  const { evaluation, history } = answer;
  linkStudy(answer);
  byId('report').replaceChildren(
    ...(evaluation ? [accuracy(evaluation), confusion(evaluation), perDigit(evaluation)] : [missing('How good it is', 'evaluation.json')]),
    history ? training(history) : missing('How it learned', 'history.json'),
    identity(answer));
}, error => {
  byId('report').replaceChildren();
  byId('error').textContent = error.message;
}).finally(() => byId('report').removeAttribute('aria-busy'));
