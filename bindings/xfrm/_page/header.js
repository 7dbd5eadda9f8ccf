// SPDX-License-Identifier: GPL-2.0-only
// The head of the page: what was swept, and by what.
"use strict";

function drawHeader(page) {
  const { dataset } = page;
  drawKinds(page);
  const seeds = levelsOf(dataset.get("seed")).length;
  const failed = dataset.failed.length ? `${formatCount(dataset.failed.length, "attempt")} failed` : "none failed";
  fill("counts", `${formatCount(dataset.done.length, "run")} done, ${failed}: ` +
    `${formatCount(dataset.points.length, "point")}, ${formatCount(seeds, "seed")}. `, describeMakers(dataset));
  fill("varied", dataset.varied.map((name) => makeVaried(dataset.get(name))));
  fill("constants", makeTerms(dataset.list("parameter").filter((column) => !dataset.varied.includes(column.name) && column.name !== "seed")
    .map((column) => [column.name, writeTerm(column, 0)])));
  fill("notes", dataset.notes.map((note) => make("li", { textContent: note })));
  find("notes-part").hidden = dataset.notes.length === 0;
}

/** Let people choose studies or packet runs, if there are both. */
function drawKinds(page) {
  const names = { study: "studies", run: "packet runs" };
  fill("kinds", page.datasets.length < 2 ? null : makeSelect("kind", "Show",
    page.datasets.map((each) => [each.kind, names[each.kind] ?? each.kind]), page.dataset.kind, (kind) => page.show(kind)));
}

function describeMakers(dataset) {
  const levels = (name) => levelsOf(dataset.get(name)).map(formatValue);
  const commits = levels("git_commit").map((commit) => commit.replace(/^([0-9a-f]{10})[0-9a-f]*/, "$1"));
  return `xfrm ${levels("module_version").join(", ")} (${commits.join(", ")}), ns-3 ${levels("ns3_version").join(", ")}, ` +
    `on ${levels("host").join(", ")}.`;
}

function makeVaried(column) {
  const levels = levelsOf(column).map((value) => formatCell(column, value));
  const text = levels.length <= MOST_CHOICES ? levels.join(", ")
    : `${levels.length} values${column.isNumeric ? ` from ${levels[0]} to ${levels[levels.length - 1]}` : ""}`;
  return make("div", {}, make("dt", { textContent: formatName(column) }), make("dd", { textContent: text }));
}
