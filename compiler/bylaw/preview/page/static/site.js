/* The filter of the list. The rows of all pages come as a script, once somebody filters. */
(function () {
  "use strict";

  var MOST = 200;
  var place = document.currentScript.src;
  var input = document.getElementById("bylaw_filter");
  var part = document.querySelector(".list-part");
  if (!input || !part) {
    return;
  }
  var body = part.querySelector("tbody");
  var told = document.getElementById("bylaw_found");
  var pager = document.querySelector(".pager");
  var root = document.querySelector("[data-root]").dataset.root;
  var first = Array.from(body.children);
  var words = null;

  function element(tag, text, name) {
    var made = document.createElement(tag);
    made.textContent = text;
    if (name) {
      made.className = name;
    }
    return made;
  }

  function textOf(row) {
    return [row[1], row[2], row[3], Object.keys(row[4]).join(" ")].join(" ").toLowerCase();
  }

  function shown(row) {
    var made = document.createElement("tr");
    var title = document.createElement("td");
    var link = element("a", row[1]);
    link.href = root + row[0];
    title.append(link, " ", element("span", row[2], "row-name"));
    var counts = document.createElement("td");
    Object.keys(row[4]).forEach(function (state) {
      var count = element("span", row[4][state] + " " + state, "state");
      count.dataset.state = state;
      counts.append(count, " ");
    });
    made.append(title, element("td", row[3]), counts);
    made.append(element("td", row[5]), element("td", ""));
    return made;
  }

  function filter() {
    var wanted = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (pager) {
      pager.hidden = wanted.length > 0;
    }
    if (!wanted.length) {
      body.replaceChildren.apply(body, first);
      told.textContent = "";
      return;
    }
    if (!window.bylawRows) {
      return;
    }
    words = words || window.bylawRows.map(textOf);
    var found = window.bylawRows.filter(function (_, number) {
      return wanted.every(function (word) { return words[number].includes(word); });
    });
    body.replaceChildren.apply(body, found.slice(0, MOST).map(shown));
    told.textContent = found.length + " of " + window.bylawRows.length +
      (found.length > MOST ? ", the first " + MOST + " shown" : "");
  }

  function load() {
    var script = document.createElement("script");
    script.src = new URL("rows.js", place).href;
    script.addEventListener("load", filter);
    document.head.append(script);
  }

  document.querySelector(".filter").hidden = false;
  input.addEventListener("focus", load, { once: true });
  input.addEventListener("input", filter);
})();
