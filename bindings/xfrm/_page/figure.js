// SPDX-License-Identifier: GPL-2.0-only
// The main figure: means over the seeds of each point, with intervals.
"use strict";

const LEAST_WIDTH = 320; // of a facet [px]

/** Draw the figure of the filtered rows. */
function drawFigure(page) {
  const { dataset, state } = page;
  const spots = makeSpots(dataset, page.rows, state);
  const facets = listFacets(dataset, state, spots);
  const traces = facets.flatMap((facet, i) => {
    const inside = spots.filter((spot) => spot.facet === facet);
    return [...makeTraces(dataset, state, inside), ...ringChosen(dataset, state, inside)].map((trace) => ({ ...trace, ...axesOf(i) }));
  });
  showOnceInLegend(traces);
  draw("figure", traces, makeFigureLayout(dataset, state, spots, facets), `${state.y} over ${state.x}`);
  listenToFigure(page);
  fill("figure-note", describeFigure(page, spots));
}

/** Make what is drawn: for each point, or each row if seeds are told apart, a mean and its limits. */
function makeSpots(dataset, rows, state) {
  const values = dataset.get(state.y).values;
  const bySeed = tellsSeeds(state);
  const groups = groupRows(rows, (row) => dataset.pointOf[row] + (bySeed ? ` ${dataset.value("seed", row)}` : ""));
  const spots = [];
  for (const group of groups.values()) {
    const numbers = group.map((row) => values[row]).filter((value) => value !== null);
    if (numbers.length) {
      spots.push(makeSpot(dataset, state, group[0], interval(numbers)));
    }
  }
  return spots;
}

function tellsSeeds(state) {
  return [state.x, state.color].includes("seed");
}

function makeSpot(dataset, state, row, found) {
  const x = dataset.get(state.x);
  const factor = findUnit(dataset.get(state.y).unit).factor;
  const rest = dataset.varied.filter((name) => ![state.x, state.color, state.facet].includes(name));
  const value = x.values[row];
  levelsOf(x);
  return {
    row, found,
    x: x.isNumeric ? value === null ? null : value * findUnit(x.unit).factor : escapePlotly(formatValue(value)),
    y: found.mean * factor,
    up: found.high === null ? null : (found.high - found.mean) * factor,
    line: dataset.keyOf(row, rest),
    color: state.color ? dataset.value(state.color, row) : "",
    facet: state.facet ? formatValue(dataset.value(state.facet, row)) : "",
  };
}

function listFacets(dataset, state, spots) {
  const used = new Set(spots.map((spot) => spot.facet));
  const all = state.facet ? levelsOf(dataset.get(state.facet)).map(formatValue) : [""];
  const facets = all.filter((facet) => used.has(facet));
  return facets.length ? facets : [""];
}

function axesOf(facet) {
  return facet === 0 ? {} : { xaxis: `x${facet + 1}`, yaxis: `y${facet + 1}` };
}

/** Make rings around the chosen points. */
function ringChosen(dataset, state, spots) {
  const rings = spots.filter((spot) => state.points.includes(dataset.points[dataset.pointOf[spot.row]].run));
  return rings.length === 0 ? [] : [{
    type: "scatter", mode: "markers", x: rings.map((spot) => spot.x), y: rings.map((spot) => spot.y),
    marker: { symbol: "circle-open", size: 16, color: isDark() ? "#ffffff" : "#000000", line: { width: 2 } },
    hoverinfo: "skip", showlegend: false,
  }];
}

/** Make the traces of a facet: one a colour, or one of which numbers are the colour. */
function makeTraces(dataset, state, spots) {
  const column = state.color ? dataset.get(state.color) : null;
  const levels = column ? levelsOf(column) : [""];
  if (column?.isNumeric && levels.length > FEW) {
    return [makeScaledTrace(dataset, state, spots, column)];
  }
  const parts = levels.map((level) => spots.filter((spot) => formatValue(spot.color) === formatValue(level)));
  return parts.flatMap((part, i) => part.length === 0 ? [] : [{
    ...makeTrace(dataset, state, part, styleOf(i)),
    name: column ? escapePlotly(`${column.name} = ${formatCell(column, levels[i])}`) : "",
    legendgroup: String(i), showlegend: column !== null,
  }]);
}

/** Make a trace of a colour, with gaps between the lines of parameters that have no place in the figure. */
function makeTrace(dataset, state, spots, style) {
  const lines = [...groupRows(spots, (spot) => spot.line).values()];
  const isJoined = lines.some((line) => line.length > 1);
  const ordered = isJoined ? lines.flatMap((line) => [...sortLine(dataset, state, line), null]).slice(0, -1) : lines.flat();
  return {
    ...placeSpots(dataset, state, ordered, style), mode: isJoined ? "lines+markers" : "markers",
    line: { color: style.color, dash: style.dash, width: 2 },
    marker: { color: style.color, symbol: style.symbol, size: 8 },
  };
}

function makeScaledTrace(dataset, state, spots, column) {
  const levels = levelsOf(column).filter((value) => value !== null);
  const title = { text: escapePlotly(formatName(column)), side: "right" };
  return {
    ...placeSpots(dataset, state, spots, { color: isDark() ? "#777" : "#999" }), mode: "markers", showlegend: false,
    marker: {
      size: 9, color: spots.map((spot) => spot.color), colorscale: "Viridis",
      cmin: levels[0], cmax: levels[levels.length - 1],
      showscale: true, colorbar: { title, thickness: 14, tickformat: "~s" },
    },
  };
}

/** Make the places of spots, null being a gap, and what is said of each. */
function placeSpots(dataset, state, spots, style) {
  const list = (name) => spots.map((spot) => spot?.[name] ?? null);
  return {
    type: "scatter", connectgaps: false, x: list("x"), y: list("y"), customdata: list("row"),
    error_y: { type: "data", array: list("up"), thickness: 1.5, width: 4, color: style.color },
    text: spots.map((spot) => spot === null ? "" : describeSpot(dataset, state, spot)),
    hovertemplate: "%{text}<extra></extra>",
  };
}

function sortLine(dataset, state, line) {
  const order = new Map(levelsOf(dataset.get(state.x)).map((value, i) => [formatValue(value), i]));
  const rank = (spot) => order.get(formatValue(dataset.value(state.x, spot.row)));
  return [...line].sort((a, b) => rank(a) - rank(b));
}

function describeSpot(dataset, state, { row, found }) {
  const y = dataset.get(state.y);
  const names = tellsSeeds(state) ? [...dataset.varied, "seed"] : dataset.varied;
  const lines = names.map((name) => escapePlotly(`${name} = ${dataset.text(name, row)}`));
  lines.push(`<b>${escapePlotly(`${formatName(y)} ${formatQuantity(found.mean, y.unit)}`)}</b>`);
  if (found.low !== null) {
    lines.push(`95 %: ${formatQuantity(found.low, y.unit)} to ${formatQuantity(found.high, y.unit)}`);
  }
  return [...lines, formatCount(found.n, "seed")].join("<br>");
}

function showOnceInLegend(traces) {
  const shown = new Set();
  for (const trace of traces) {
    trace.showlegend = trace.showlegend && !shown.has(trace.legendgroup);
    shown.add(trace.legendgroup);
  }
}

function makeFigureLayout(dataset, state, spots, facets) {
  const width = find("figure").clientWidth || 800;
  const nColumns = Math.max(1, Math.min(facets.length, Math.floor(width / LEAST_WIDTH), 3));
  const nRows = Math.ceil(facets.length / nColumns);
  const layout = baseLayout(nRows === 1 ? 460 : 60 + 300 * nRows);
  const [x, y] = [dataset.get(state.x), dataset.get(state.y)];
  if (facets.length > 1) {
    layout.grid = { rows: nRows, columns: nColumns, pattern: "independent", xgap: 0.09, ygap: 0.28 };
    layout.legend.y = 1 + 0.1 / nRows;
    layout.margin.t = 60;
  }
  layout.annotations = facets.length > 1 ? facets.map((facet, i) => makeHeading(state.facet, facet, i)) : [];
  facets.forEach((_, i) => {
    const number = i === 0 ? "" : i + 1;
    const isLast = i + nColumns >= facets.length;
    layout[`xaxis${number}`] = { ...makeXAxis(layout, isLast, x, state, spots, width / nColumns), ...(i ? { matches: "x" } : {}) };
    layout[`yaxis${number}`] = {
      ...makeValueAxis(layout, i % nColumns === 0 ? formatName(y) : "", y.unit, state.yscale, spots.map((spot) => spot.y)),
      ...(i ? { matches: "y" } : {}),
    };
  });
  return layout;
}

function makeXAxis(layout, isTitled, x, state, spots, width) {
  const title = isTitled ? formatName(x) : "";
  if (x.isNumeric) {
    return makeValueAxis(layout, title, x.unit, state.xscale, spots.map((spot) => spot.x), Math.floor(width / 70));
  }
  const order = levelsOf(x).map((value) => escapePlotly(formatValue(value)));
  return { ...makeAxis(layout, title, "", "category"), categoryorder: "array", categoryarray: order };
}

function makeValueAxis(layout, title, unit, choice, values, mostTicks) {
  return makeAxis(layout, title, unit, chooseScale(choice, values), values, mostTicks);
}

function makeHeading(name, text, i) {
  const number = i === 0 ? "" : i + 1;
  return {
    text: escapePlotly(`${name} = ${text}`), showarrow: false, xref: `x${number} domain`, yref: `y${number} domain`,
    x: 0.5, xanchor: "center", y: 1, yanchor: "bottom",
  };
}

function describeFigure(page, spots) {
  const { dataset, state } = page;
  const n = findExtent(spots.map((spot) => spot.found.n))[1];
  const rest = dataset.varied.filter((name) => ![state.x, state.color, state.facet].includes(name));
  const how = n > 1 ? "means over seeds, bars: 95 % intervals by Student's t" : "single runs";
  const isJoined = new Set(spots.map((spot) => spot.line)).size < spots.length;
  const others = rest.length ? ` ${isJoined ? "Lines" : "Points"} of their own for each ${rest.join(", ")}.` : "";
  return `${formatCount(spots.length, "point")}: ${how}.${others} Click points to compare their latencies below.`;
}

/** Have a click on a point choose it. */
function listenToFigure(page) {
  const figure = find("figure");
  figure.removeAllListeners("plotly_click");
  figure.on("plotly_click", (event) => page.togglePoint(page.dataset.pointOf[event.points[0].customdata]));
}
