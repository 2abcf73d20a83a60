// The live camera: a frame is read as soon as the one before it is answered, at most four a second. Nothing runs until it is asked for.

import { byId } from '/dom.js';
import { t } from '/words.js';

const EVERY = 250; // milliseconds from one frame to the next at the least
const LONGEST_SIDE = 960;

let stream = null;

/** Whether there is a camera for pages here: browsers give none without TLS, but on this machine. */
export const hasCamera = () => Boolean(navigator.mediaDevices?.getUserMedia);

export const isRunning = () => stream !== null;

function frame(video) {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
  const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(scale * video.videoWidth), height: Math.round(scale * video.videoHeight) });
  canvas.getContext('2d').drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.85));
}

/** Stops the camera. */
export function stop() {
  stream?.getTracks().forEach(track => track.stop());
  stream = null;
  byId('live-video').srcObject = null;
  byId('live-view').hidden = true;
  byId('live').textContent = t('live');
}

/** Starts the camera and calls `look` with one frame after the other until it is stopped. */
export async function start(look) {
  const video = byId('live-video');
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1280 } }, audio: false });
  } catch (error) {
    stop();
    throw new Error(t('live.refused', { reason: error.message || error.name }));
  }
  byId('live-view').hidden = false;
  byId('live').textContent = t('live.stop');
  const mine = stream;
  video.srcObject = mine;
  await video.play();
  while (stream === mine) {
    const started = performance.now();
    const picture = await frame(video);
    if (stream !== mine) return;
    if (!document.hidden) await look(picture);
    await new Promise(resolve => setTimeout(resolve, Math.max(0, EVERY - (performance.now() - started))));
  }
}
