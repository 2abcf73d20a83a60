// Which pixels spoke for and against the answer: the gradient of the logit times the input, red and blue over the picture in grey.

const FOR = [226, 54, 72];
const AGAINST = [64, 134, 255];

/** Draws a digit's attribution over what the network saw. */
export async function drawOverlay(canvas, { picture, attribution, width, height }) {
  canvas.dataset.picture = picture;
  const image = new Image();
  image.src = picture;
  await image.decode();
  if (canvas.dataset.picture !== picture) return; // another digit was selected meanwhile
  const context = canvas.getContext('2d', { willReadFrequently: true });
  context.drawImage(image, 0, 0, width, height);
  const pixels = context.getImageData(0, 0, width, height);
  const strongest = Math.max(...attribution.map(Math.abs), 1e-9);
  attribution.forEach((value, i) => {
    const colour = value > 0 ? FOR : AGAINST;
    // The square root lifts what is weak; a third of the ink stays visible as grey.
    const share = Math.sqrt(Math.abs(value) / strongest);
    for (let channel = 0; channel < 3; channel++) {
      const grey = pixels.data[4 * i + channel] / 3;
      pixels.data[4 * i + channel] = grey + (colour[channel] - grey) * share;
    }
  });
  context.putImageData(pixels, 0, 0);
}
