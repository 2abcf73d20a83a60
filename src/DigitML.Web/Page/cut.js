// Cuts one digit out of a picture.

const MARGIN = 0.25; // of the longer side of its box, all around

/** The part of a picture around a box of its reading, as PNG. */
export async function cut(picture, reading, box) {
  const image = await createImageBitmap(picture);
  const scale = { x: image.width / reading.width, y: image.height / reading.height };
  const margin = MARGIN * Math.max(box.width, box.height);
  const left = Math.max(0, box.x - margin) * scale.x;
  const top = Math.max(0, box.y - margin) * scale.y;
  const width = Math.min(image.width - left, (box.width + 2 * margin) * scale.x);
  const height = Math.min(image.height - top, (box.height + 2 * margin) * scale.y);
  const canvas = Object.assign(document.createElement('canvas'), { width: Math.round(width), height: Math.round(height) });
  canvas.getContext('2d').drawImage(image, left, top, width, height, 0, 0, canvas.width, canvas.height);
  image.close();
  return new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
}
