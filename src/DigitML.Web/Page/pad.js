// The drawing pad: strokes by mouse, finger, pen or keyboard, black on white, kept as points so that they can be undone.

const STEP = 6;
const LARGE_STEP = 30;

/** Makes a canvas a drawing pad. `changed` is called while strokes grow (with false) and when one is done (with true). */
export function createPad(canvas, changed) {
  const context = canvas.getContext('2d');
  let strokes = [];
  let undone = []; // what redo brings back, the newest last
  let width = 18;
  let pen = { x: canvas.width / 2, y: canvas.height / 4, isDown: false, isShown: false };
  const active = new Map(); // by pointer, so that two fingers are two strokes

  const dot = stroke => stroke.points.length === 1;

  function trace(stroke) {
    const [first, ...rest] = stroke.points;
    context.lineWidth = stroke.width;
    context.lineCap = context.lineJoin = 'round';
    context.strokeStyle = context.fillStyle = '#000';
    context.beginPath();
    if (dot(stroke)) {
      context.arc(first.x, first.y, stroke.width / 2, 0, 2 * Math.PI);
      context.fill();
      return;
    }
    context.moveTo(first.x, first.y);
    rest.forEach(point => context.lineTo(point.x, point.y));
    context.stroke();
  }

  function redraw() {
    context.fillStyle = '#fff';
    context.fillRect(0, 0, canvas.width, canvas.height);
    strokes.forEach(trace);
  }

  function drawPen() {
    redraw();
    if (pen.isShown) {
      context.lineWidth = 2;
      context.strokeStyle = pen.isDown ? '#000' : '#1a4fc4';
      context.beginPath();
      context.arc(pen.x, pen.y, width / 2 + 3, 0, 2 * Math.PI);
      context.stroke();
    }
  }

  const place = event => {
    const box = canvas.getBoundingClientRect();
    return { x: (event.clientX - box.left) * canvas.width / box.width, y: (event.clientY - box.top) * canvas.height / box.height };
  };

  function begin(point) {
    const stroke = { width, points: [point] };
    strokes.push(stroke);
    undone = [];
    return stroke;
  }

  canvas.addEventListener('pointerdown', event => {
    if (event.button !== 0) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    pen.isShown = pen.isDown = false;
    const stroke = begin(place(event));
    active.set(event.pointerId, stroke);
    redraw();
    changed(false);
  });

  canvas.addEventListener('pointermove', event => {
    const stroke = active.get(event.pointerId);
    if (!stroke) return;
    // A browser gathers moves between two frames; all of them are the hand's.
    const moves = event.getCoalescedEvents?.() ?? [];
    stroke.points.push(...(moves.length > 0 ? moves : [event]).map(place));
    trace(stroke);
    changed(false);
  });

  const end = event => {
    if (active.delete(event.pointerId)) changed(true);
  };
  canvas.addEventListener('pointerup', end);
  canvas.addEventListener('pointercancel', end);

  canvas.addEventListener('keydown', event => {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
    if (event.key in moves && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const [x, y] = moves[event.key];
      pen.x = Math.min(canvas.width, Math.max(0, pen.x + x));
      pen.y = Math.min(canvas.height, Math.max(0, pen.y + y));
      pen.isShown = true;
      if (pen.isDown) {
        strokes.at(-1).points.push({ x: pen.x, y: pen.y });
        changed(false);
      }
    } else if (event.key === ' ') {
      pen.isShown = true;
      pen.isDown = !pen.isDown;
      if (pen.isDown) begin({ x: pen.x, y: pen.y });
      changed(!pen.isDown);
    } else if (event.key === 'Delete') {
      clear();
    } else if (event.key.toLowerCase() === 'z' && (event.ctrlKey || event.metaKey)) {
      (event.shiftKey ? redo : undo)();
    } else if (event.key.toLowerCase() === 'y' && (event.ctrlKey || event.metaKey)) {
      redo();
    } else {
      return;
    }
    event.preventDefault();
    drawPen();
  });
  canvas.addEventListener('focus', () => {
    if (canvas.matches(':focus-visible') && active.size === 0) {
      pen.isShown = true;
      drawPen();
    }
  });
  canvas.addEventListener('blur', () => {
    pen.isShown = false;
    if (pen.isDown) {
      pen.isDown = false;
      changed(true);
    }
    redraw();
  });

  function undo() {
    if (strokes.length > 0) undone.push(strokes.pop());
    pen.isDown = false;
    drawPen();
    changed(true);
  }

  function redo() {
    if (undone.length > 0) strokes.push(undone.pop());
    drawPen();
    changed(true);
  }

  function clear() {
    undone = [];
    strokes = [];
    pen.isDown = false;
    drawPen();
    changed(true);
  }

  redraw();
  return {
    undo,
    redo,
    clear,
    /** The strokes, to be kept and given to `restore`. */
    get strokes() { return strokes; },
    get canRedo() { return undone.length > 0; },
    /** Draws strokes of before; what is none is left alone. */
    restore(before) {
      if (!Array.isArray(before) || before.length === 0) return;
      strokes = before.filter(stroke => Number.isFinite(stroke.width) && Array.isArray(stroke.points) && stroke.points.length > 0);
      redraw();
      changed(true);
    },
    get isEmpty() { return strokes.length === 0; },
    setWidth(value) { width = value; },
    /** The drawing as a PNG, without the keyboard's pen. */
    async picture() {
      redraw();
      const picture = new Promise(resolve => canvas.toBlob(resolve, 'image/png'));
      if (pen.isShown) drawPen();
      return picture;
    },
  };
}
