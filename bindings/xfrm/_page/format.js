// SPDX-License-Identifier: GPL-2.0-only
// Numbers and names as people read them.
"use strict";

const PREFIXES = ["p", "n", "µ", "m", "", "k", "M", "G", "T", "P"];

/** Units as they are shown: a factor to make numbers those of the symbol; whether it takes prefixes. */
const UNITS = {
  ns: { factor: 1e-9, symbol: "s", prefixed: true },
  s: { factor: 1, symbol: "s", prefixed: true },
  "bit/s": { factor: 1, symbol: "bit/s", prefixed: true },
  bytes: { factor: 1, symbol: "B", prefixed: true },
  "packets/s": { factor: 1, symbol: "packets/s", prefixed: false },
  packets: { factor: 1, symbol: "packets", prefixed: false },
  entries: { factor: 1, symbol: "entries", prefixed: false },
};

/** Return how a unit is shown; of none and of pure numbers the symbol is empty. */
function findUnit(unit) {
  return UNITS[unit] ?? { factor: 1, symbol: "", prefixed: false };
}

/** Write a number in a unit of the store, with a prefix and so many digits: "1.234 µs", "12.3 k". */
function formatQuantity(number, unit, digits = 4) {
  if (number === null || number === undefined) {
    return "–";
  }
  const { factor, symbol, prefixed } = findUnit(unit);
  const value = number * factor;
  if (value === 0 || unit === "1" || !prefixed && Number.isInteger(value) && Math.abs(value) < 1e5) {
    return joinUnit(String(shortenNumber(value, unit === "1" ? digits : 12)), prefixed ? symbol : "");
  }
  const step = Math.floor(Math.log10(Math.abs(shortenNumber(value, digits))) / 3);
  const power = step < 0 && !prefixed ? 0 : Math.max(-4, Math.min(5, step));
  const prefix = PREFIXES[power + 4] + (prefixed ? symbol : "");
  return joinUnit(String(shortenNumber(value / 1000 ** power, digits)), prefix);
}

/** Write a round number beside others: with a prefix from 1000 on, below 1 only before a symbol. */
function formatTick(value, symbol) {
  if (!symbol && value < 1e-3) {
    return value.toExponential();
  }
  const step = Math.floor(Math.log10(value * 1.0001) / 3);
  const power = Math.max(symbol ? -4 : 0, Math.min(5, step));
  return `${shortenNumber(value / 1000 ** power, 4)}${PREFIXES[power + 4]}${symbol}`;
}

/** Keep the first digits. */
function shortenNumber(value, digits) {
  return Number(value.toPrecision(digits));
}

function joinUnit(digits, unit) {
  return unit ? `${digits}\u202f${unit}` : digits;
}

/** Write a cell of a column as text: numbers short, those of parameters with six digits. */
function formatCell(column, value) {
  if (typeof value !== "number") {
    return formatValue(value);
  }
  const digits = column.role === "parameter" ? 6 : 4;
  if (column.unit !== "" || column.role === "result") {
    return formatQuantity(value, column.unit, digits);
  }
  return String(Number.isInteger(value) ? value : shortenNumber(value, digits));
}

/** Write any value in full, as filters and links name it. */
function formatValue(value) {
  if (value === null || value === undefined || value.length === 0) {
    return "none";
  }
  return Array.isArray(value) ? value.join("; ") : String(value);
}

/** Name a column for a head or an axis: with the unit, unless its numbers carry it. */
function formatName(column) {
  const { symbol, prefixed } = findUnit(column.unit);
  return symbol && !prefixed ? `${column.name} [${symbol}]` : column.name;
}

/** Return the smallest and the largest of numbers; what is null does not count. */
function findExtent(values) {
  const pair = [Infinity, -Infinity];
  for (const value of values) {
    if (value !== null) {
      pair[0] = Math.min(pair[0], value);
      pair[1] = Math.max(pair[1], value);
    }
  }
  return pair;
}

/** Count things: "1 run", "2 runs". */
function formatCount(count, noun) {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** Write text for plotly.js, which takes some of HTML for markup. */
function escapePlotly(text) {
  return String(text).replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");
}

/** Quote a word for a shell, if it needs that. */
function quoteShell(word) {
  return /^[\w@%+=:,.\/-]+$/.test(word) ? word : `'${word.replace(/'/g, `'"'"'`)}'`;
}

/** Write rows of cells as CSV (RFC 4180). */
function formatCsv(rows) {
  const cell = (value) => {
    const text = value === null || value === undefined ? "" : Array.isArray(value) ? value.join("; ") : String(value);
    return /[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  };
  return rows.map((row) => row.map(cell).join(",")).join("\r\n") + "\r\n";
}
