// SPDX-License-Identifier: GPL-2.0-only
// Controls: which rows, and what of them is shown how.
"use strict";

/** Draw the filters of all that varies. */
function drawFilters(page) {
  const names = listFilters(page.dataset);
  fill("filters", names.map((name) =>
    isRange(page.dataset.get(name)) ? makeRange(page, name) : makeValues(page, name)));
  find("filters-part").hidden = names.length === 0;
}

/** Make a group of boxes, one a value. */
function makeValues(page, name) {
  const column = page.dataset.get(name);
  const chosen = page.state.filters[name]?.values;
  const boxes = levelsOf(column).map((value) => makeValue(page, name, value, !chosen || chosen.has(formatValue(value))));
  const button = (text, filter) => makeButton(text, () => setFilter(page, name, filter),
    { class: "small", "aria-label": `${text} of the values of ${name}` });
  return make("fieldset", {}, make("legend", { textContent: formatName(column) }),
    make("div", { class: "values" }, boxes, button("all", null), button("none", { values: new Set() })));
}

function makeValue(page, name, value, isChecked) {
  const text = formatValue(value);
  const box = make("input", { type: "checkbox", name, value: text, checked: isChecked });
  box.onchange = () => setFilter(page, name, { values: readBoxes(name) });
  return make("label", { class: "value" }, box, formatCell(page.dataset.get(name), value));
}

function readBoxes(name) {
  const boxes = [...find("filters").querySelectorAll("input[type=checkbox]")].filter((box) => box.name === name);
  const checked = boxes.filter((box) => box.checked).map((box) => box.value);
  return checked.length === boxes.length ? null : new Set(checked);
}

/** Make two fields for the limits of a number. */
function makeRange(page, name) {
  const column = page.dataset.get(name);
  const levels = levelsOf(column).filter((value) => value !== null);
  const filter = page.state.filters[name] ?? { low: null, high: null };
  const read = () => {
    const [low, high] = [...fields.querySelectorAll("input")].map((field) => toNumber(field.value));
    setFilter(page, name, low === null && high === null ? null : { low, high });
  };
  const field = (word, value, limit) => make("label", {}, `${word} `, make("input", {
    type: "number", step: "any", name: `${word} ${name}`, value: value ?? "", placeholder: String(limit), onchange: read,
  }));
  const fields = make("div", { class: "values" },
    field("from", filter.low, levels[0]), field("to", filter.high, levels[levels.length - 1]));
  const unit = column.unit ? ` [${column.unit}]` : "";
  return make("fieldset", {}, make("legend", { textContent: name + unit }), fields);
}

function setFilter(page, name, filter) {
  if (filter === null || filter.values === null) {
    delete page.state.filters[name];
  } else {
    page.state.filters[name] = filter;
  }
  page.update();
}

/** Draw the choices of the main figure. */
function drawChoices(page) {
  const { dataset, state } = page;
  const choices = listChoices(dataset);
  const name = (word) => [word, word === "" ? "nothing" : formatName(dataset.get(word))];
  const scales = choices.xscale.map((word) => [word, word]);
  const choose = (id, label, options) => makeSelect(id, label, options, state[id], (value) => {
    state[id] = value;
    page.update();
  });
  fill("choices",
    choose("y", "Result", choices.y.map(name)),
    choose("x", "Over", choices.x.map(name)),
    choose("color", "Colour by", choices.color.map(name)),
    choose("facet", "A figure for each", choices.facet.map(name)),
    choose("xscale", "Horizontal scale", scales),
    choose("yscale", "Vertical scale", scales));
}
