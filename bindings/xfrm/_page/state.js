// SPDX-License-Identifier: GPL-2.0-only
// What is shown: one object, kept in the part of the address behind "#", so that a view can be linked.
"use strict";

/** Results that are looked at first. */
const FIRST_RESULTS = [
  "hit_ratio", "carried_rate", "latency_p99_ns",
  "udp.throughput_bps", "udp.received", "tcp.throughput_bps", "ping.received", "forwarded",
];
const FEW = 8; // colours; more values are a scale
const MOST_FACETS = 12;

/** Return what is shown at first. */
function defaultState(dataset) {
  const results = dataset.listResults();
  const y = FIRST_RESULTS.find((name) => results.some((column) => column.name === name)) ?? results[0]?.name;
  const byLevels = [...dataset.varied].sort((a, b) => countLevels(dataset, b) - countLevels(dataset, a));
  const x = byLevels.find((name) => dataset.get(name).isNumeric) ?? byLevels[0] ?? "seed";
  const others = byLevels.filter((name) => name !== x).reverse();
  const color = others.find((name) => countLevels(dataset, name) <= FEW) ?? others[0] ?? "";
  const facet = others.find((name) => name !== color && countLevels(dataset, name) <= FEW) ?? "";
  return {
    kind: dataset.kind, y, x, color, facet, xscale: "auto", yscale: "auto", filters: {},
    points: [], curve: "percentiles", delay: "", run: null, series: "", sort: "", down: false,
  };
}

function countLevels(dataset, name) {
  return levelsOf(dataset.get(name)).length;
}

/** Columns that rows can be filtered by. */
function listFilters(dataset) {
  return countLevels(dataset, "seed") > 1 ? [...dataset.varied, "seed"] : dataset.varied;
}

/** Allowed words of choices, by the name in the state. */
function listChoices(dataset) {
  const results = dataset.listResults().map((column) => column.name);
  const parameters = [...dataset.varied, "seed"];
  const facets = dataset.varied.filter((name) => countLevels(dataset, name) <= MOST_FACETS);
  return {
    y: results, x: parameters, color: ["", ...parameters], facet: ["", ...facets],
    xscale: ["auto", "linear", "log"], yscale: ["auto", "linear", "log"],
    curve: ["percentiles", "cdf", "ccdf"], delay: dataset.latency.names,
    series: dataset.series.names,
  };
}

/** Write what differs from the default, as parameters behind "#". */
function writeHash(dataset, state, isFirstKind) {
  const usual = defaultState(dataset);
  const words = new URLSearchParams();
  if (!isFirstKind) {
    words.set("kind", state.kind);
  }
  for (const name of Object.keys(listChoices(dataset)).concat("sort")) {
    if (state[name] !== usual[name]) {
      words.set(name, state[name]);
    }
  }
  if (state.down) {
    words.set("down", "1");
  }
  if (state.run !== null) {
    words.set("run", state.run);
  }
  state.points.forEach((run) => words.append("point", run));
  for (const [name, filter] of Object.entries(state.filters)) {
    if (filter.values) {
      [...filter.values].forEach((text) => words.append(`in.${name}`, text));
      if (filter.values.size === 0) {
        words.append(`in.${name}`, "");
      }
    } else {
      words.set(`from.${name}`, filter.low ?? "");
      words.set(`to.${name}`, filter.high ?? "");
    }
  }
  return words.toString();
}

/** Read what writeHash wrote; what makes no sense stays as usual. */
function readHash(datasets, hash) {
  const words = new URLSearchParams(hash.replace(/^#/, ""));
  const dataset = datasets.find((each) => each.kind === words.get("kind")) ?? datasets[0];
  const state = defaultState(dataset);
  for (const [name, choices] of Object.entries(listChoices(dataset))) {
    if (choices.includes(words.get(name))) {
      state[name] = words.get(name);
    }
  }
  state.sort = dataset.columns.has(words.get("sort")) ? words.get("sort") : "";
  state.down = words.get("down") === "1";
  const run = Number(words.get("run"));
  state.run = words.has("run") && dataset.rowOf.has(run) ? run : null;
  state.points = words.getAll("point").map(Number).filter((each) => dataset.points.some((point) => point.run === each));
  listFilters(dataset).forEach((name) => readFilter(dataset, state, name, words));
  return { dataset, state };
}

function readFilter(dataset, state, name, words) {
  if (isRange(dataset.get(name))) {
    const [low, high] = ["from", "to"].map((end) => toNumber(words.get(`${end}.${name}`)));
    if (low !== null || high !== null) {
      state.filters[name] = { low, high };
    }
  } else if (words.has(`in.${name}`)) {
    state.filters[name] = { values: new Set(words.getAll(`in.${name}`)) };
  }
}

/** Return the number that a text says, null without one. */
function toNumber(text) {
  const number = text === null || text.trim() === "" ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

/** Return the rows that all filters let through. */
function filterRows(dataset, rows, filters) {
  const tests = Object.entries(filters).map(([name, filter]) => [dataset.get(name).values, filter]);
  return rows.filter((row) => tests.every(([values, filter]) => passes(values[row], filter)));
}

function passes(value, filter) {
  if (filter.values) {
    return filter.values.has(formatValue(value));
  }
  return value !== null && (filter.low === null || value >= filter.low) && (filter.high === null || value <= filter.high);
}
