// SPDX-License-Identifier: GPL-2.0-only
// Time series of one run.
"use strict";

const MOST_OPTIONS = 500; // runs that a list offers

/** Draw a column of the chosen run's series, or of the first that has one. */
function drawSeries(page) {
  const { dataset, state } = page;
  const { names, runs } = dataset.series;
  const there = page.rows.filter((row) => runs[dataset.runs[row]]);
  find("series-part").hidden = Object.keys(runs).length === 0;
  if (Object.keys(runs).length === 0) {
    return;
  }
  const run = runs[state.run] ? state.run : there.length ? dataset.runs[there[0]] : null;
  state.series = names.includes(state.series) ? state.series : chooseSeries(dataset);
  drawSeriesChoices(page, there, run);
  const isMissing = state.run !== null && state.run !== run;
  const note = isMissing ? `The page has no series of run ${state.run}: this is run ${run}.` : "";
  fill("series-note", run === null ? "The page has no series of these rows." : note);
  drawSeriesOf(dataset, state, run);
}

/** Choose a series that is looked at first, and is there. */
function chooseSeries(dataset) {
  const { names } = dataset.series;
  return ["hit_ratio", "carried", "latency_p99_ns", "entries"].find((name) => names.includes(name)) ?? names[0];
}

function drawSeriesChoices(page, there, run) {
  const { dataset, state } = page;
  const shown = there.slice(0, MOST_OPTIONS);
  const rows = shown.some((row) => dataset.runs[row] === run) || run === null ? shown : [dataset.rowOf.get(run), ...shown];
  const text = (row) => `run ${dataset.runs[row]}: ${dataset.describe(row, [...dataset.varied, "seed"])}`;
  fill("series-choices",
    makeSelect("series", "Series", dataset.series.names.map((name) => [name, name]), state.series, (name) => {
      state.series = name;
      page.update();
    }),
    makeSelect("run", "Of", rows.map((row) => [dataset.runs[row], text(row)]), run, (number) => {
      state.run = Number(number);
      page.update();
    }));
}

function drawSeriesOf(dataset, state, run) {
  const place = dataset.series.names.indexOf(state.series);
  const unit = dataset.series.units[place];
  const [times, ...columns] = run === null ? [[]] : dataset.series.runs[run];
  const column = columns[place] ?? null;
  const { factor } = findUnit(unit);
  const values = times.map((_, i) => Array.isArray(column) ? column[i] : column)
    .map((value) => value === null ? null : value * factor);
  const layout = baseLayout(360);
  layout.xaxis = makeAxis(layout, "simulated time", "s", "linear", times);
  layout.yaxis = { ...makeAxis(layout, formatName({ name: state.series, unit }), unit, "linear", values), rangemode: "tozero" };
  const { color } = styleOf(0);
  const trace = { type: "scatter", mode: times.length > 60 ? "lines" : "lines+markers", x: times, y: values, line: { color }, marker: { color, size: 6 } };
  draw("series-figure", run === null ? [] : [trace], layout, `${state.series} of run ${run}`);
}
