// The model page: what the model's files say, as figures, tables and curves.

import { model } from '/api.js';
import { curves, shareTick } from '/curves.js';
import { byId, linkOthers, make, percent, sayError } from '/dom.js';
import { matrix } from '/matrix.js';
import { facts, figure, half, number, section, share, table } from '/parts.js';
import { decimal, t } from '/words.js';

const quiet = text => make('p', { className: 'quiet', textContent: text });

const dataName = ({ dataset, synthetic }) => synthetic && !dataset.includes('synthetic') ? t('model.synthetic', { data: dataset }) : dataset;

function accuracy(evaluation) {
  const { lower, upper } = evaluation.accuracyInterval;
  return section(t('model.good'), quiet(t('model.measured', { n: number(evaluation.count), data: dataName(evaluation) })), make('dl', { className: 'figures' },
    figure(t('model.right'), share(evaluation.accuracy), t('model.interval', { lower: percent(lower), upper: percent(upper) })),
    figure(t('model.macro'), share(evaluation.macroAccuracy), t('model.macro.more')),
    figure(t('model.loss'), decimal(evaluation.logLoss, 4), t('model.loss.more')),
    figure(t('model.calibration'), share(evaluation.expectedCalibrationError), t('model.calibration.more'))));
}

const confusion = evaluation => half(t('model.confuses'), matrix(evaluation.confusionMatrix));

function perDigit(evaluation) {
  return half(t('model.each'), table(t('model.each.more'), [t('model.digit'), t('model.pictures'), t('model.recall'), t('model.precision'), 'F1'],
    evaluation.perClass.map(metrics => [`${metrics.class}`, number(metrics.support), share(metrics.recall), share(metrics.precision), share(metrics.f1)])));
}

function training(history) {
  const epochs = history.epochs;
  const last = epochs[history.bestEpoch - 1] ?? epochs.at(-1);
  const made = history.options.madeImages ?? 0;
  const pictures = t(made > 0 ? 'model.made' : 'model.of', { n: number(history.trainingImages - made), data: dataName(history), made: number(made) });
  const words = t('model.trained', { pictures, seconds: decimal(history.trainSeconds, 1), threads: history.threads, epochs: epochs.length, best: history.bestEpoch });
  return section(t('model.learned'), quiet(words), make('div', { className: 'charts' },
    curves(t('model.lossCurve'), epochs, 'trainLoss', 'validationLoss', decimal),
    curves(t('model.rightCurve'), epochs, 'trainAccuracy', 'validationAccuracy', shareTick)),
  last === undefined ? '' : quiet(last.validationLoss == null
    ? t('model.at', { epoch: last.epoch, loss: decimal(last.trainLoss, 4) })
    : t('model.atBoth', { epoch: last.epoch, loss: decimal(last.trainLoss, 4), validationLoss: decimal(last.validationLoss, 4), accuracy: percent(last.validationAccuracy) })));
}

const missing = (title, file) => section(title, quiet(t('model.missing', { file })));

function identity({ hash, layers, parameters, metadata }) {
  return section(t('model.what'), facts([
    [t('model.network'), t('model.units', { layers: layers.join(' – ') })],
    [t('model.parameters'), number(parameters)],
    ['SHA-256', hash],
    ...Object.entries(metadata).filter(([, value]) => value.length <= 200),
  ]));
}

document.title = t('model.title');
model().then(answer => {
  const { evaluation, history } = answer;
  linkOthers(answer);
  byId('report').replaceChildren(
    ...(evaluation ? [accuracy(evaluation), confusion(evaluation), perDigit(evaluation)] : [missing(t('model.good'), 'evaluation.json')]),
    history ? training(history) : missing(t('model.learned'), 'history.json'),
    identity(answer));
}, error => {
  byId('report').replaceChildren();
  sayError(byId('error'), error);
}).finally(() => byId('report').removeAttribute('aria-busy'));
