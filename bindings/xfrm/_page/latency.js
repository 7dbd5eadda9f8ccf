// SPDX-License-Identifier: GPL-2.0-only
// Latencies of chosen points: by percentile, or as a distribution.
"use strict";

const MOST_CURVES = 6; // without a choice
const PLACE_OF_MAXIMUM = 1e-6; // among shares that are slower

const CURVES = { percentiles: "percentiles", cdf: "share that is faster (CDF)", ccdf: "share that is slower (CCDF)" };

/** Draw the latencies of the chosen points, or of some. */
function drawLatency(page) {
  const { dataset, state } = page;
  const names = dataset.latency.names;
  find("latency-part").hidden = names.length === 0;
  if (names.length === 0) {
    return;
  }
  state.delay = names.includes(state.delay) ? state.delay : names[0];
  drawLatencyChoices(page);
  const points = listPoints(page);
  const traces = points.map((point, i) => makeCurve(dataset, state, point, i)).filter((trace) => trace !== null);
  draw("latency", traces, makeLatencyLayout(dataset, state, traces), `latencies ${state.curve}`);
  fill("latency-note", describeLatency(page, points, traces));
}

function drawLatencyChoices({ dataset, state, update }) {
  const choose = (id, label, options) => makeSelect(id, label, options, state[id], (value) => {
    state[id] = value;
    update();
  });
  fill("latency-choices",
    choose("curve", "Latencies as", Object.entries(CURVES)),
    dataset.latency.names.length > 1 ? choose("delay", "Of", dataset.latency.names.map((name) => [name, name])) : null);
}

/** Return rows of the points that are drawn: those chosen, or some that are far from each other. */
function listPoints(page) {
  const { dataset, state, rows } = page;
  const byPoint = groupRows(rows, (row) => dataset.pointOf[row]);
  const isThere = ([, group]) => group.some((row) => dataset.latency.runs[dataset.runs[row]]);
  const there = [...byPoint].filter(isThere);
  const chosen = there.filter(([point]) => state.points.includes(dataset.points[point].run));
  if (chosen.length || there.length <= MOST_CURVES) {
    return chosen.length ? chosen : there;
  }
  return Array.from({ length: MOST_CURVES }, (_, i) => there[Math.round(i * (there.length - 1) / (MOST_CURVES - 1))]);
}

/** Make the curve of a point: at each percentile the mean over its rows. */
function makeCurve(dataset, state, [, rows], i) {
  const { names, percentiles, runs, units } = dataset.latency;
  const place = names.indexOf(state.delay);
  const curves = rows.map((row) => runs[dataset.runs[row]]?.[place]).filter((curve) => curve);
  const factor = findUnit(units[place]).factor;
  const latencies = percentiles.map((_, k) => {
    const { mean } = interval(curves.map((curve) => curve[k]).filter((value) => value !== null));
    return mean === null ? null : mean * factor;
  });
  if (latencies.every((value) => value === null)) {
    return null;
  }
  const style = styleOf(i);
  const shares = percentiles.map((percentile) => findShare(state.curve, percentile));
  const [x, y] = state.curve === "percentiles" ? [shares, latencies] : [latencies, shares];
  return {
    type: "scatter", mode: "lines+markers", x, y, name: escapePlotly(dataset.describe(rows[0])),
    line: { color: style.color, dash: style.dash, width: 2 }, marker: { color: style.color, symbol: style.symbol, size: 6 },
    text: percentiles.map((percentile, k) => `${percentile} %: ${formatQuantity(latencies[k], "s")}`),
    hovertemplate: "%{text}<br>%{fullData.name}<extra></extra>", showlegend: true,
  };
}

/** Return where a percentile is on the axis; a scale of powers has no place for the largest but one of its own. */
function findShare(curve, percentile) {
  if (curve === "cdf" || percentile < 100) {
    return curve === "cdf" ? percentile / 100 : (100 - percentile) / 100;
  }
  return curve === "ccdf" ? null : PLACE_OF_MAXIMUM;
}

function makeLatencyLayout(dataset, state, traces) {
  const layout = baseLayout(420);
  layout.legend = { ...layout.legend, y: -0.2, yanchor: "top" };
  const latency = (title, name) => makeAxis(layout, title, "s", "log", traces.flatMap((trace) => trace[name]));
  if (state.curve === "percentiles") {
    const shown = [50, 90, 99, 99.9, 99.99, 99.999].filter((each) => dataset.latency.percentiles.includes(each));
    layout.xaxis = {
      ...makeAxis(layout, "percentile", "1", "log", []), range: [0.05, -6.15],
      tickvals: [...shown.map((each) => 1 - each / 100), PLACE_OF_MAXIMUM], ticktext: [...shown.map(String), "max"],
    };
    layout.yaxis = latency("latency", "y");
  } else {
    const scale = state.curve === "cdf" ? "linear" : "log";
    layout.xaxis = latency("latency", "x");
    layout.yaxis = makeAxis(layout, CURVES[state.curve], "1", scale, [1e-5, 1]);
  }
  return layout;
}

function describeLatency({ dataset, state, rows }, points, traces) {
  const seeds = Math.max(1, ...points.map(([, group]) => group.length));
  const how = seeds > 1 ? " Each is the mean over seeds at each percentile." : "";
  if (traces.length === 0) {
    return "The page has no latencies of these rows.";
  }
  const isChosen = state.points.length > 0 && points.some(([point]) => state.points.includes(dataset.points[point].run));
  const count = new Set(rows.map((row) => dataset.pointOf[row])).size;
  const which = isChosen ? "The chosen points." : `${traces.length} of ${formatCount(count, "point")}; choose others in the figure above or the table below.`;
  return which + how;
}
