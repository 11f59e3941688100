// The arithmetic of all figures. Percentiles are by nearest rank over every sample, as in the load rig.

/** The smallest sample that at least this part (above 0, up to 1) of all do not exceed; null without samples. */
export function percentile(samples, part) {
  if (samples.length === 0) return null;
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)];
}

/** The middle one; of an even number the mean of the two in the middle; null without numbers. */
export function median(numbers) {
  const sorted = numbers.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** How many of these [from, to] were open at once, at the most. One that ends as another begins does not overlap it. */
export function mostAtOnce(spans) {
  const moves = spans.flatMap(([from, to]) => [[from, 1], [to, -1]]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let open = 0;
  let most = 0;
  for (const [, step] of moves) most = Math.max(most, (open += step));
  return most;
}

/** How many times as good as theirs ours is: above 1, ours is ahead. Null where one of them has no figure. */
export function advantage(ours, theirs, better) {
  if (!Number.isFinite(ours) || !Number.isFinite(theirs) || ours <= 0 || theirs <= 0) return null;
  return better === 'more' ? ours / theirs : theirs / ours;
}

/** One reading of several rounds: the median of each figure. */
export function ofRounds(rounds) {
  const figures = {};
  for (const name of new Set(rounds.flatMap(Object.keys))) figures[name] = median(rounds.map((round) => round[name]));
  return figures;
}
