// SPDX-License-Identifier: GPL-2.0-only
// Means of replications with intervals, as xfrm.stats computes them.
"use strict";

const LEVEL = 0.95;

const knownQuantiles = new Map();

/**
 * Return the probability that |T| is at most tan(angle) * sqrt(freedom), T of Student's distribution
 * with so many degrees of freedom (Abramowitz and Stegun, 26.7.3 and 26.7.4).
 */
function studentProbability(angle, freedom) {
  const sine = Math.sin(angle);
  const square = Math.cos(angle) ** 2;
  const isOdd = freedom % 2 === 1;
  let term = isOdd ? Math.cos(angle) : 1;
  let sum = 0;
  for (let i = isOdd ? 3 : 2; i <= freedom; i += 2) {
    sum += term;
    term *= square * (i - 1) / i;
  }
  return isOdd ? (angle + sine * sum) * 2 / Math.PI : sine * sum;
}

/** Return the t that |T| exceeds with probability 1 - LEVEL. */
function studentQuantile(freedom) {
  if (!knownQuantiles.has(freedom)) {
    let low = 0;
    let high = Math.PI / 2;
    for (let i = 0; i < 60; ++i) {
      const middle = (low + high) / 2;
      if (studentProbability(middle, freedom) < LEVEL) {
        low = middle;
      } else {
        high = middle;
      }
    }
    knownQuantiles.set(freedom, Math.tan(low) * Math.sqrt(freedom));
  }
  return knownQuantiles.get(freedom);
}

/** Return mean, low, high and n of numbers; low and high are null of one, all are of none. */
function interval(values) {
  const n = values.length;
  if (n === 0) {
    return { mean: null, low: null, high: null, n };
  }
  if (n > 1 && values.every((value) => value === values[0])) {
    return { mean: values[0], low: values[0], high: values[0], n };
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  if (n === 1) {
    return { mean, low: null, high: null, n };
  }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const half = studentQuantile(n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { mean, low: mean - half, high: mean + half, n };
}
