// SPDX-License-Identifier: GPL-2.0-only
// All that is known of a run.
"use strict";

/** Make what is shown of a row when it is opened. */
function makeDetails(page, row) {
  const { dataset } = page;
  const run = dataset.runs[row];
  const terms = (columns) => makeTerms(columns.map((column) => [column.name, writeTerm(column, row)]));
  const about = dataset.list("about").filter((column) => column.name !== "run" && column.values[row] !== "");
  const open = (title, columns, isOpen) => make("details", { open: isOpen },
    make("summary", { textContent: title }), terms(columns));
  const [varied, others] = split(dataset.list("parameter"), (column) => [...dataset.varied, "seed"].includes(column.name));
  const results = dataset.list("result").filter((column) => column.values[row] !== null);
  return make("div", { class: "details" },
    open("Parameters that vary", varied, true),
    open("Results", results, false),
    open("Parameters that don't vary", others, false),
    open("Where it comes from", about, true),
    makeRepetition("To do it again", writeCommand(dataset, row)),
    makeRepetition("The same in Python", writePython(page.store, dataset, run)));
}

function split(list, test) {
  return [list.filter(test), list.filter((each) => !test(each))];
}

/** Write a value with its unit. */
function writeTerm(column, row) {
  const { symbol, prefixed } = findUnit(column.unit);
  const value = column.values[row];
  const text = typeof value === "number" ? formatQuantity(value, column.unit, 12) : formatValue(value);
  return symbol && !prefixed && typeof value === "number" ? `${text} ${symbol}` : text;
}

function makeRepetition(title, text) {
  const code = make("code", { textContent: text, tabIndex: 0 });
  const copy = makeButton("copy", () => {
    getSelection().selectAllChildren(code);
    document.execCommand("copy"); // files have no navigator.clipboard everywhere
  }, { class: "small" });
  return make("div", { class: "repetition" }, make("h4", {}, title, " ", copy), make("pre", {}, code));
}

/** Write the command line that does a run again. */
function writeCommand(dataset, row) {
  const columns = dataset.list("parameter").filter((column) => [...dataset.varied, "seed"].includes(column.name));
  const words = columns.flatMap((column) => writeOption(column, column.values[row]));
  return [dataset.command, ...words.map(quoteShell)].join(" ");
}

function writeOption(column, value) {
  if (value === null || value === "") {
    return [];
  }
  if (Array.isArray(value)) {
    return value.map((each) => `--${column.option}=${each}`);
  }
  const suffix = { s: "s", "bit/s": "bps" }[column.unit] ?? "";
  return [`--${column.option}=${value}${suffix}`];
}

function writePython(store, dataset, run) {
  return `xfrm.${dataset.kind}(xfrm.Store(${JSON.stringify(store)}).config(${run}))`;
}
