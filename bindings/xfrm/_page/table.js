// SPDX-License-Identifier: GPL-2.0-only
// The rows, sorted and filtered, and the runs that failed.
"use strict";

const PAGE_ROWS = 50; // more are shown when asked for

/** Results that the table shows beside the one in the figure. */
const TABLE_RESULTS = ["offered_rate", "carried_rate", "drops", "hit_ratio", "latency_p50_ns", "latency_p99_ns"];

/** Draw the table of the filtered rows. */
function drawTable(page) {
  const { dataset, state } = page;
  const columns = listTableColumns(dataset, state).map((name) => dataset.get(name));
  const rows = sortRows(dataset, page.rows, state);
  const shown = rows.slice(0, page.nShown);
  const open = page.isOpened ? dataset.rowOf.get(state.run) : undefined;
  const body = shown.flatMap((row) => makeRow(page, columns, row, row === open));
  fill("rows", makeHead(page, columns), make("tbody", {}, body));
  const left = rows.length - shown.length;
  fill("rows-note", `${formatCount(rows.length, "run")} of ${dataset.done.length}${left ? `, ${shown.length} shown` : ""}.`);
  fill("rows-more",
    left ? makeButton(`Show ${Math.min(left, 10 * PAGE_ROWS)} more`, () => showMore(page)) : null,
    makeButton(`Save ${formatCount(rows.length, "row")} as CSV`, () => saveRows(page, rows), { id: "save-csv" }));
}

function showMore(page) {
  page.nShown += 10 * PAGE_ROWS;
  drawTable(page);
}

function listTableColumns(dataset, state) {
  const results = [state.y, ...TABLE_RESULTS].filter((name) => dataset.columns.has(name));
  return [...new Set(["run", ...dataset.varied, "seed", ...results, "wall_s"])];
}

/** Sort rows by a column; of equal ones, and without, the order is the store's. */
function sortRows(dataset, rows, state) {
  if (!state.sort) {
    return rows;
  }
  const column = dataset.get(state.sort);
  const sign = state.down ? -1 : 1;
  return [...rows].sort((a, b) => sign * compareValues(column.values[a], column.values[b]) || a - b);
}

function compareValues(a, b) {
  if (typeof a === "number" && typeof b === "number") {
    return a - b;
  }
  const rank = (value) => value === null ? 2 : typeof value === "number" ? 0 : 1;
  return rank(a) - rank(b) || formatValue(a).localeCompare(formatValue(b));
}

function makeHead(page, columns) {
  const { state } = page;
  const cells = columns.map((column) => {
    const isSorted = state.sort === column.name;
    const order = isSorted ? state.down ? "descending" : "ascending" : "none";
    const button = makeButton("", () => sortBy(page, column.name), { class: "sort" });
    button.append(...formatName(column).split(/(?<=[_.])/).flatMap((part, i) => i ? [make("wbr"), part] : [part]));
    return make("th", { scope: "col", "aria-sort": order }, button);
  });
  return make("thead", {}, make("tr", {}, make("th", { scope: "col", textContent: "compare" }), cells));
}

function sortBy(page, name) {
  page.state.down = page.state.sort === name && !page.state.down;
  page.state.sort = name;
  page.update();
  [...document.querySelectorAll("#rows .sort")].find((button) => button.parentElement.ariaSort !== "none")?.focus();
}

/** Make a row, and a second one with its details if it is open. */
function makeRow(page, columns, row, isOpen) {
  const { dataset, state } = page;
  const point = dataset.pointOf[row];
  const box = make("input", {
    type: "checkbox", checked: state.points.includes(dataset.points[point].run), onchange: () => page.togglePoint(point),
    "aria-label": `compare the point of run ${dataset.runs[row]}`,
  });
  const [first, ...others] = columns;
  const name = makeButton(dataset.text(first.name, row), () => page.openRun(row), { class: "open", "aria-expanded": String(isOpen) });
  const cells = others.map((column) => make("td", {
    textContent: dataset.text(column.name, row), class: typeof column.values[row] === "number" ? "number" : "text",
  }));
  const line = make("tr", { class: isOpen ? "opened" : "", onclick: (event) => openByClick(event, page, row) },
    make("td", {}, box), make("th", { scope: "row" }, name), cells);
  return isOpen ? [line, make("tr", {}, make("td", { colSpan: columns.length + 1 }, makeDetails(page, row)))] : [line];
}

function openByClick(event, page, row) {
  if (!event.target.closest("button, input, a") && getSelection().isCollapsed) {
    page.openRun(row);
  }
}

/** Save rows with all columns, as pandas would write them. */
function saveRows(page, rows) {
  saveFile(`${page.store.replace(/\.[^.]*$/, "")}.csv`, "text/csv", writeRows(page.dataset, rows));
}

function writeRows(dataset, rows) {
  const columns = [dataset.get("run"), ...["parameter", "result", "about"].flatMap((role) => dataset.list(role))];
  const unique = [...new Set(columns)];
  return formatCsv([unique.map((column) => column.name), ...rows.map((row) => unique.map((column) => column.values[row]))]);
}

/** Draw the runs that failed. */
function drawFailed(page) {
  const { dataset } = page;
  const rows = filterRows(dataset, dataset.failed, page.state.filters);
  find("failed-part").hidden = dataset.failed.length === 0;
  const names = ["run", "status", "error", ...dataset.varied, "seed", "attempt"];
  const head = make("tr", {}, names.map((name) => make("th", { scope: "col", textContent: name })));
  const line = (row) => make("tr", {}, names.map((name) => make("td", { textContent: dataset.text(name, row) })));
  fill("failed", make("thead", {}, head), make("tbody", {}, rows.slice(0, 10 * PAGE_ROWS).map(line)));
  fill("failed-note", `${formatCount(rows.length, "attempt")} of ${dataset.failed.length}; figures leave them out.`);
}
