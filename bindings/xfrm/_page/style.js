// SPDX-License-Identifier: GPL-2.0-only
// How figures look: colours of the page, safe for the colour-blind (Okabe and Ito), and their buttons.
"use strict";

const COLOURS = {
  light: ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b07d00", "#3a9ad9", "#6b4c9a", "#333333"],
  dark: ["#56b4e9", "#e69f00", "#2fbf93", "#e59cc4", "#f0e442", "#ff8a4c", "#b39ddb", "#dddddd"],
};
const SYMBOLS = ["circle", "square", "diamond", "triangle-up", "cross", "x", "triangle-down", "star"];
const DASHES = ["solid", "dash", "dot", "dashdot", "longdash", "longdashdot", "solid", "dash"];
const MOST_TICKS = 8;

const darkQuery = window.matchMedia("(prefers-color-scheme: dark)");
let isPrinting = false;

function isDark() {
  return darkQuery.matches && !isPrinting;
}

/** Return colour, symbol and dash number i. */
function styleOf(i) {
  const colours = COLOURS[isDark() ? "dark" : "light"];
  return { color: colours[i % colours.length], symbol: SYMBOLS[i % SYMBOLS.length], dash: DASHES[i % DASHES.length] };
}

/** Return what the layouts of all figures have. */
function baseLayout(height) {
  const [ink, ground, line] = isDark() ? ["#e8e8e8", "#16181c", "#3a3e46"] : ["#1a1a1a", "#ffffff", "#d9dce1"];
  return {
    height, ink, line, autosize: true,
    margin: { l: 70, r: 16, t: 34, b: 56 },
    font: { family: "system-ui, sans-serif", size: 13, color: ink },
    paper_bgcolor: ground, plot_bgcolor: ground,
    hoverlabel: { align: "left" }, hovermode: "closest",
    legend: { orientation: "h", yanchor: "bottom", y: 1.02, x: 0, xanchor: "left" },
  };
}

/** Return an axis for numbers of a unit, of these values. */
function makeAxis(layout, title, unit, type, values, mostTicks = MOST_TICKS) {
  const { symbol, prefixed } = findUnit(unit);
  const axis = {
    title: { text: escapePlotly(title), standoff: 8 }, type, automargin: true,
    gridcolor: layout.line, linecolor: layout.line, zerolinecolor: layout.line, nticks: mostTicks,
  };
  if (type === "log") {
    const ticks = listLogTicks(values, mostTicks);
    const shown = prefixed ? symbol : "";
    return { ...axis, tickmode: "array", tickvals: ticks, ticktext: ticks.map((tick) => formatTick(tick, shown)) };
  }
  const isPlain = type === "category" || !prefixed && Math.max(...findExtent(values).map(Math.abs)) < 1000;
  return { ...axis, tickformat: isPlain ? "" : "~s", ticksuffix: prefixed ? symbol : "" };
}

/** List round numbers around positive values: 1, 2, 5 of each decade, or decades only where those would be too many. */
function listLogTicks(values, most) {
  const numbers = values.filter((value) => value > 0);
  const [low, high] = findExtent(numbers).map(Math.log10);
  const steps = (high - low) * 3 + 1 > most ? [1] : [1, 2, 5];
  const decades = numbers.length ? Math.ceil(high) - Math.floor(low) + 1 : 0;
  return Array.from({ length: decades }, (_, i) => Math.floor(low) + i)
    .flatMap((power) => steps.map((step) => Number(`${step}e${power}`)));
}

/** Draw, or draw anew, a figure. */
function draw(id, traces, layout, name) {
  const { ink, line, ...plain } = layout;
  const configuration = {
    displaylogo: false, responsive: true, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"],
    toImageButtonOptions: { format: "png", filename: name, scale: 2 },
    modeBarButtonsToAdd: [{
      name: "svg", title: "Download plot as a svg", icon: Plotly.Icons.disk,
      click: (figure) => Plotly.downloadImage(figure, { format: "svg", filename: name }),
    }],
  };
  return Plotly.react(find(id), traces, plain, configuration);
}

/** Choose a scale of numbers: log if they are positive and range over more than a factor of 50. */
function chooseScale(choice, values) {
  if (choice !== "auto") {
    return choice;
  }
  const [low, high] = findExtent(values);
  return low > 0 && high / low >= 50 ? "log" : "linear";
}
