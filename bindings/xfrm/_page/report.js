// SPDX-License-Identifier: GPL-2.0-only
// The page: its data and its state, drawn anew when these change.
"use strict";

class Page {
  constructor(data) {
    this.store = data.store;
    this.datasets = data.datasets.map((raw) => new Dataset(raw));
    this.update = this.update.bind(this);
    this.readAddress();
  }

  /** Take over the state that the address has. */
  readAddress() {
    Object.assign(this, readHash(this.datasets, location.hash));
    this.isOpened = this.state.run !== null;
    this.start();
  }

  /** Show runs of another kind. */
  show(kind) {
    this.dataset = this.datasets.find((each) => each.kind === kind);
    this.state = defaultState(this.dataset);
    this.start();
    this.keepAddress();
  }

  start() {
    this.nShown = PAGE_ROWS;
    drawHeader(this);
    this.draw();
  }

  /** Draw what depends on the state, and keep it in the address. */
  update() {
    this.draw();
    this.keepAddress();
  }

  draw() {
    this.rows = filterRows(this.dataset, this.dataset.done, this.state.filters);
    keepFocus(() => {
      [drawFilters, drawChoices, drawFigure, drawLatency, drawSeries, drawTable, drawFailed].forEach((part) => part(this));
    });
  }

  keepAddress() {
    const hash = writeHash(this.dataset, this.state, this.dataset === this.datasets[0]);
    history.replaceState(null, "", `#${hash}`);
  }

  /** Compare a point's latencies, or do so no longer. */
  togglePoint(point) {
    const { run } = this.dataset.points[point];
    const { points } = this.state;
    this.state.points = points.includes(run) ? points.filter((each) => each !== run) : [...points, run];
    this.update();
  }

  /** Open a row, or close it if it is open. */
  openRun(row) {
    const run = this.dataset.runs[row];
    this.isOpened = !(this.isOpened && this.state.run === run);
    this.state.run = this.isOpened ? run : null;
    this.update();
  }
}

/** Give the keyboard back to the control that had it, where it was made anew. */
function keepFocus(drawAll) {
  const before = document.activeElement;
  const place = describeControl(before);
  drawAll();
  if (place && !document.contains(before)) {
    [...document.querySelectorAll(before.tagName)].find((each) => describeControl(each) === place)?.focus();
  }
}

function describeControl(element) {
  const { id, name, value, type, textContent, ariaLabel } = element ?? {};
  const isControl = ["SELECT", "INPUT", "BUTTON"].includes(element?.tagName);
  return isControl ? id || JSON.stringify([name, type === "checkbox" ? value : "", ariaLabel ?? textContent]) : "";
}

/** Draw figures anew in the colours and the width of paper, and of the screen. */
function redrawFor(page, printing) {
  isPrinting = printing;
  document.body.classList.toggle("printing", printing);
  page.draw();
}

const page = new Page(JSON.parse(find("data").textContent));
window.addEventListener("hashchange", () => page.readAddress());
window.addEventListener("beforeprint", () => redrawFor(page, true));
window.addEventListener("afterprint", () => redrawFor(page, false));
darkQuery.addEventListener("change", () => page.draw());
