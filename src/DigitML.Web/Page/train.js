// The training page: begins a training on the server and asks every second how it stands.

import { beginTraining, model, stopTraining, trainedModel, training } from '/api.js';
import { curves, shareTick } from '/curves.js';
import { byId, linkOthers, percent, save, sayError } from '/dom.js';
import { matrix } from '/matrix.js';
import { figure, number, share } from '/parts.js';
import { count, decimal, t } from '/words.js';

const EVERY = 1000;
const SEARCH = 'search'; // among the recipes

let timer = 0;
let drawn = ''; // what the charts show, so that they are drawn once an epoch

const isBusyIn = state => ['loading', 'running', 'searching', 'fitting'].includes(state);

function stateWords({ state, recipe, now, epochs, plannedEpochs, dataset, search }) {
  const epoch = now?.epoch ?? epochs.length;
  const values = { recipe, epoch, epochs: plannedEpochs || '…', data: dataset, trials: number(search?.trials ?? 0), best: search?.bestTrial };
  if (search && (state === 'done' || state === 'stopped')) return count(`train.${state}Search`, search.trials, values);
  const isFirst = (state === 'searching' && search.bestTrial == null) || (state === 'fitting' && epoch === 0);
  return t(`train.${state}${isFirst ? 'First' : ''}`, values);
}

/** How far it is: a search by its time, its last training and any other by epochs. */
function done({ state, epochs, now, plannedEpochs, search, seconds }) {
  if (state === 'searching') return Math.min(1, seconds / search.plannedSeconds);
  return plannedEpochs === 0 ? 0 : (epochs.length + (now?.done ?? 0)) / plannedEpochs;
}

function show(standing) {
  const { state, epochs, now, search } = standing;
  const isBusy = isBusyIn(state);
  byId('begin').disabled = isBusy;
  byId('stop').disabled = !isBusy;
  byId('stop').textContent = t(state === 'fitting' ? 'train.stopFitting' : 'train.stop');
  byId('keep').disabled = standing.accuracy == null;
  byId('follow').hidden = !search?.isShown;
  const words = stateWords(standing);
  if (byId('state').textContent !== words) byId('state').textContent = words;
  sayError(byId('notice'), standing.notice && { detail: standing.notice });
  sayError(byId('error'), standing.error && { detail: standing.error });
  byId('progress').hidden = state === 'idle';
  if (state === 'loading') byId('progress').removeAttribute('value');
  else byId('progress').value = done(standing);
  const last = now ?? epochs.at(-1);
  byId('figures').replaceChildren(...(search?.trials ? [
    figure(t('study.trials'), number(search.trials), ''),
    figure(t('train.bestTrial'), share(search.bestAccuracy), search.bestTrial == null ? t('study.none') : t('train.bestTrialMore', { trial: search.bestTrial })),
  ] : []), ...(search && !last ? [figure(t('train.time'), `${decimal(standing.seconds, 1)} s`, '')] : []), ...(last ? [
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
    if (isBusyIn(standing.state)) timer = setTimeout(look, EVERY);
  } catch (error) {
    sayError(byId('error'), error);
    timer = setTimeout(look, 5 * EVERY);
  }
}

byId('how').addEventListener('submit', event => {
  event.preventDefault();
  const [recipe, seed] = [byId('recipe').value, byId('seed').value];
  look(() => beginTraining(recipe === SEARCH
    ? { recipe, seconds: 60 * byId('minutes').value, seed }
    : { recipe, hidden: byId('hidden').value.replaceAll(' ', ''), epochs: byId('epochs').value, seed }));
});
// A search finds layers and epochs itself, and needs a time instead.
function showFields() {
  const isSearch = byId('recipe').value === SEARCH;
  for (const id of ['hidden', 'epochs', 'minutes']) {
    byId(id).closest('.field').hidden = byId(id).disabled = (id === 'minutes') !== isSearch;
  }
}
byId('recipe').addEventListener('change', showFields);
byId('keep').addEventListener('click', () => trainedModel().then(file => save('digits.onnx', file, 'application/octet-stream'), error => sayError(byId('error'), error)));
byId('stop').addEventListener('click', () => look(stopTraining));

document.title = t('train.title');
model().then(linkOthers, () => { /* What can be linked is linked already. */ });
showFields();
look(async () => {
  // Who comes back finds what was begun.
  const standing = await training();
  if (standing.recipe) byId('recipe').value = standing.recipe;
  showFields();
  return standing;
});
