// SPDX-License-Identifier: GPL-2.0-only
// Elements of the page.  All text goes through textContent: names and errors are nobody's HTML.
"use strict";

/** Make an element: properties, "dataset" and "aria-..." and "class" attributes, then what is in it. */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes("-") || name === "class" || name === "for") {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

function find(id) {
  return document.getElementById(id);
}

/** Fill an element anew. */
function fill(id, ...children) {
  find(id).replaceChildren(...children.flat().filter((child) => child !== null));
}

/** Make a labelled list to choose one of; options are pairs of a value and its text. */
function makeSelect(id, label, options, value, onChange) {
  const list = make("select", { id, onchange: () => onChange(list.value) },
    options.map(([word, text]) => make("option", { value: word, textContent: text, selected: String(word) === String(value) })));
  return make("div", { class: "control" }, make("label", { for: id, textContent: label }), list);
}

function makeButton(text, onClick, properties = {}) {
  return make("button", { type: "button", textContent: text, onclick: onClick, ...properties });
}

/** Make a table's row of names and values, for lists of settings. */
function makeTerms(pairs) {
  return make("dl", {}, pairs.map(([name, value]) => make("div", {},
    make("dt", { textContent: name }), make("dd", { textContent: value }))));
}

/** Have the browser save text as a file. */
function saveFile(name, type, text) {
  const url = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10000);
}
