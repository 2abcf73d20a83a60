// The training page: begins a training on the server and asks every second how it stands.

import { beginTraining, model, stopTraining, trainedModel, training } from '/api.js';
import { curves, shareTick } from '/curves.js';
import { byId, linkOthers, percent, save, sayError } from '/dom.js';
import { matrix } from '/matrix.js';
import { figure, number, share } from '/parts.js';
import { decimal, t } from '/words.js';

const EVERY = 1000;

let timer = 0;
let drawn = ''; // what the charts show, so that they are drawn once an epoch

function stateWords({ state, recipe, now, epochs, plannedEpochs, dataset }) {
  const epoch = now?.epoch ?? epochs.length;
  return t(`train.${state}`, { recipe, epoch, epochs: plannedEpochs, data: dataset });
}

function show(standing) {
  const { state, epochs, now, plannedEpochs } = standing;
  const isBusy = state === 'loading' || state === 'running';
  byId('begin').disabled = isBusy;
  byId('stop').disabled = !isBusy;
  byId('keep').disabled = epochs.length === 0;
  const words = stateWords(standing);
  if (byId('state').textContent !== words) byId('state').textContent = words;
  sayError(byId('notice'), standing.notice && { detail: standing.notice });
  sayError(byId('error'), standing.error && { detail: standing.error });
  byId('progress').hidden = state === 'idle';
  if (state === 'loading') byId('progress').removeAttribute('value');
  else byId('progress').value = plannedEpochs === 0 ? 0 : (epochs.length + (now?.done ?? 0)) / plannedEpochs;
  const last = now ?? epochs.at(-1);
  byId('figures').replaceChildren(...(last ? [
    figure(t('train.loss'), last.trainLoss == null ? '–' : decimal(last.trainLoss, 4), t('train.lossMore')),
    figure(t('train.right'), percent(last.trainAccuracy), t(now ? 'train.rightMore' : 'train.rightLast')),
    figure(t('train.test'), share(standing.accuracy), standing.testSet ? t('train.testMore', { n: number(standing.testImages), data: standing.testSet }) : ''),
    figure(t('train.time'), `${decimal(standing.seconds, 1)} s`, standing.bestEpoch > 0 ? t('train.best', { epoch: standing.bestEpoch }) : ''),
  ] : []));
  const version = `${standing.recipe} ${epochs.length} ${standing.accuracy}`;
  if (version === drawn) return;
  drawn = version;
  byId('curves').hidden = epochs.length === 0;
  byId('charts').replaceChildren(...(epochs.length === 0 ? [] : [
    curves(t('model.lossCurve'), epochs, 'trainLoss', 'validationLoss', decimal),
    curves(t('model.rightCurve'), epochs, 'trainAccuracy', 'validationAccuracy', shareTick),
  ]));
  byId('matrix').hidden = !standing.confusionMatrix;
  if (standing.confusionMatrix) byId('matrix').querySelector('div').replaceChildren(matrix(standing.confusionMatrix));
}

async function look(ask = training) {
  clearTimeout(timer);
  try {
    const standing = await ask();
    show(standing);
    if (standing.state === 'loading' || standing.state === 'running') timer = setTimeout(look, EVERY);
  } catch (error) {
    sayError(byId('error'), error);
    timer = setTimeout(look, 5 * EVERY);
  }
}

byId('how').addEventListener('submit', event => {
  event.preventDefault();
  look(() => beginTraining({ recipe: byId('recipe').value, hidden: byId('hidden').value.replaceAll(' ', ''), epochs: byId('epochs').value, seed: byId('seed').value }));
});
byId('keep').addEventListener('click', () => trainedModel().then(file => save('digits.onnx', file, 'application/octet-stream'), error => sayError(byId('error'), error)));
byId('stop').addEventListener('click', () => look(stopTraining));

document.title = t('train.title');
model().then(linkOthers, () => { /* What can be linked is linked already. */ });
look();
