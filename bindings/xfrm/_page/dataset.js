// SPDX-License-Identifier: GPL-2.0-only
// The runs of a kind: columns, rows by number, and points, which are rows that differ in the seed only.
"use strict";

const MOST_CHOICES = 12; // values of a column that are listed to choose from

class Dataset {
  constructor(raw) {
    this.kind = raw.kind;
    this.command = raw.command;
    this.notes = raw.notes;
    this.runs = raw.runs;
    this.latency = raw.latency;
    this.series = raw.series;
    this.columns = new Map(raw.columns.map((column) => [column.name, unpackColumn(column, raw.runs.length)]));
    this.columns.set("run", { name: "run", unit: "", role: "about", values: raw.runs });
    this.varied = raw.varied;
    this.rowOf = new Map(raw.runs.map((run, row) => [run, row]));
    const status = this.get("status").values;
    const rows = raw.runs.map((_, row) => row);
    this.done = rows.filter((row) => status[row] === "done");
    this.failed = rows.filter((row) => status[row] !== "done");
    this.points = this.findPoints();
  }

  get(name) {
    return this.columns.get(name);
  }

  value(name, row) {
    return this.get(name).values[row];
  }

  /** Write a cell as text. */
  text(name, row) {
    return formatCell(this.get(name), this.value(name, row));
  }

  /** List columns of a role. */
  list(role) {
    return [...this.columns.values()].filter((column) => column.role === role);
  }

  /** List results that are not the same in all runs, or all if there are none. */
  listResults() {
    const results = this.list("result");
    const differing = results.filter((column) => !column.isConstant);
    return differing.length ? differing : results;
  }

  /** Describe a row by what makes its point. */
  describe(row, names = this.varied) {
    return names.map((name) => `${name} = ${this.text(name, row)}`).join(", ") || "all runs";
  }

  /** Number the points: this.pointOf[row], and the rows of each. */
  findPoints() {
    const groups = groupRows(this.done, (row) => this.keyOf(row, this.varied));
    this.pointOf = [];
    const points = [...groups.values()].map((rows) => ({ rows, run: findExtent(rows.map((row) => this.runs[row]))[0] }));
    points.forEach((point, number) => point.rows.forEach((row) => (this.pointOf[row] = number)));
    return points;
  }

  /** Make a text of some columns' values that no other values have. */
  keyOf(row, names) {
    return JSON.stringify(names.map((name) => this.value(name, row)));
  }
}

/** Group rows by a key, in the order in which keys come. */
function groupRows(rows, toKey) {
  const groups = new Map();
  for (const row of rows) {
    const key = toKey(row);
    if (!groups.has(key)) {
      groups.set(key, []);
    }
    groups.get(key).push(row);
  }
  return groups;
}

/** Give a column all its values, and its levels, in order. */
function unpackColumn(raw, size) {
  const isConstant = "constant" in raw;
  const values = isConstant ? new Array(size).fill(raw.constant)
    : raw.codes ? raw.codes.map((code) => raw.levels[code]) : raw.values;
  return { name: raw.name, unit: raw.unit, role: raw.role, option: raw.option, isConstant, values };
}

/** Return the different values of a column, numbers by size; they are looked for once. */
function levelsOf(column) {
  if (!column.levels) {
    const levels = [...new Map(column.values.map((value) => [formatValue(value), value])).values()];
    column.isNumeric = levels.every((value) => typeof value === "number" || value === null);
    column.levels = column.isNumeric ? levels.sort((a, b) => a - b) : levels;
  }
  return column.levels;
}

/** Tell whether a column has numbers, so many that a range is chosen of them. */
function isRange(column) {
  return levelsOf(column).length > MOST_CHOICES && column.isNumeric;
}
