import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advantage, median, mostAtOnce, ofRounds, percentile } from './arithmetic.mjs';

test('percentile takes the nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, i) => 100 - i);
  assert.equal(percentile(hundred, 0.5), 50);
  assert.equal(percentile(hundred, 0.99), 99);
  assert.equal(percentile(hundred, 1), 100);
  assert.equal(percentile([7], 0.01), 7);
  assert.equal(percentile([], 0.5), null);
});

test('median passes over what is no number', () => {
  assert.equal(median([3, 1, 2]), 2);
  assert.equal(median([4, 1, 2, 3]), 2.5);
  assert.equal(median([null, 5, undefined]), 5);
  assert.equal(median([]), null);
});

test('mostAtOnce does not count a hand-over as an overlap', () => {
  assert.equal(mostAtOnce([[0, 10], [10, 20], [20, 30]]), 1);
  assert.equal(mostAtOnce([[0, 10], [5, 20], [9, 11], [12, 13]]), 3);
  assert.equal(mostAtOnce([]), 0);
});

test('advantage is above 1 where ours is ahead, whichever way is better', () => {
  assert.equal(advantage(200, 100, 'more'), 2);
  assert.equal(advantage(2, 8, 'less'), 4);
  assert.equal(advantage(null, 8, 'less'), null);
  assert.equal(advantage(0, 8, 'less'), null);
});

test('ofRounds takes the median of each figure by itself', () => {
  assert.deepEqual(ofRounds([{ rate: 10, p99: 3 }, { rate: 30, p99: 1 }, { rate: 20, p99: 2 }]), { rate: 20, p99: 2 });
});
