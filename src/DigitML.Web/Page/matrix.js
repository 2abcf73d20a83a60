// A confusion matrix as a table: blue is right; the redder, the more often wrong.

import { make } from '/dom.js';
import { number, table } from '/parts.js';
import { t } from '/words.js';

/** The table of [true, predicted] counts. */
export function matrix(counts) {
  const worst = Math.max(1, ...counts.flatMap((row, i) => row.filter((_, j) => i !== j)));
  const rows = counts.map((row, i) => [`${i}`, ...row.map((count, j) => {
    const cell = make('td', { textContent: number(count), className: count === 0 ? 'zero' : '' });
    const strength = i === j ? 0.25 : 0.45 * count / worst;
    cell.style.backgroundColor = count === 0 ? '' : `rgb(var(${i === j ? '--heat' : '--wrong'}), ${strength})`;
    return cell;
  })]);
  return table(t('model.confuses.more'), ['', ...counts.map((_, i) => `${i}`)], rows, 'matrix');
}
