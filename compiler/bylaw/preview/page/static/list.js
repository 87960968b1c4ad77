/* The list of decisions: ten thousand rows, of which those in view are there. */
(function () {
  "use strict";

  var BLOCK = 100; // rows asked for at once
  var MOST_BLOCKS = 40; // kept; the rest is asked for again
  var BEYOND = 8; // rows made above and below those in view
  var KEY = "bylaw-list";
  var WORDS = {
    "in-force": "in force",
    proposed: "proposed",
    retired: "retired",
    none: "without status",
    unclear: "unclear status",
  };

  var ORDER = [
    "enforced", "approximate", "checked", "conditional", "advisory", "applied", "inactive",
    "rejected",
  ];

  var rows = document.getElementById("rows");
  if (!rows) {
    return;
  }
  var filter = document.getElementById("filter");
  var stateFilter = document.getElementById("filter-state");
  var count = document.getElementById("rows-count");
  var space = document.createElement("div");
  space.className = "rows-space";
  space.setAttribute("role", "presentation");
  rows.append(space);

  var blocks = new Map(); // by number: rows, or null while they are asked for
  var total = 0;
  var active = -1;
  var generation = 0; // raised when other rows are wanted: late answers are dropped
  var frame = 0;
  var height = 0;

  /* --- fetching --------------------------------------------------------------------------- */

  function address(start) {
    var query = new URLSearchParams({ from: start, count: BLOCK });
    if (filter.value.trim()) {
      query.set("q", filter.value.trim());
    }
    if (stateFilter.value) {
      query.set("state", stateFilter.value);
    }
    return "/api/list?" + query;
  }

  async function fetchBlock(number) {
    var asked = generation;
    blocks.set(number, null);
    try {
      var answer = await bylaw.ask(address(number * BLOCK));
      if (asked !== generation) {
        return;
      }
      blocks.set(number, answer.rows);
      forgetFar(number);
      setTotal(answer.total);
      draw();
      countLater(number, answer);
    } catch (_) {
      if (asked === generation) {
        blocks.delete(number);
        count.textContent = "the list cannot be read";
      }
    }
  }

  /** Ask again for a block whose statements are not all counted yet, when others had their turn. */
  function countLater(number, answer) {
    var asked = generation;
    if (!answer.partial) {
      return;
    }
    setTimeout(async function () {
      try {
        if (asked !== generation || !blocks.has(number)) {
          return;
        }
        var more = await bylaw.ask(address(number * BLOCK));
        if (asked === generation && blocks.has(number)) {
          blocks.set(number, more.rows);
          drawn.clear();
          space.replaceChildren();
          draw();
          countLater(number, more);
        }
      } catch (_) {
        // The rows are there; their counts come with the next change.
      }
    }, 300);
  }

  function forgetFar(number) {
    while (blocks.size > MOST_BLOCKS) {
      var far = Array.from(blocks.keys()).reduce(function (one, other) {
        return Math.abs(one - number) > Math.abs(other - number) ? one : other;
      });
      blocks.delete(far);
    }
  }

  function setTotal(number) {
    total = number;
    space.style.height = total * height + "px";
    count.textContent =
      total.toLocaleString("en") + (total === 1 ? " decision" : " decisions") +
      (filter.value.trim() || stateFilter.value ? " found" : "");
    if (active >= total) {
      active = total - 1;
    }
  }

  /** Ask for other rows; those on show stay until the new ones are here. */
  async function refresh(keepPlace) {
    generation += 1;
    var asked = generation;
    var top = keepPlace ? rows.scrollTop : 0;
    var number = Math.floor(top / height / BLOCK);
    try {
      var answer = await bylaw.ask(address(number * BLOCK));
      if (asked !== generation) {
        return;
      }
      blocks = new Map([[number, answer.rows]]);
      if (!keepPlace) {
        active = -1;
      }
      setTotal(answer.total);
      rows.scrollTop = top;
      drawn.clear();
      space.replaceChildren();
      draw();
      countLater(number, answer);
    } catch (_) {
      if (asked === generation) {
        count.textContent = "the list cannot be read";
      }
    }
  }

  /* --- drawing ---------------------------------------------------------------------------- */

  var drawn = new Map(); // by index: the element, and whether it waits for its row

  function draw() {
    frame = 0;
    var first = Math.max(0, Math.floor(rows.scrollTop / height) - BEYOND);
    var last = Math.min(total, Math.ceil((rows.scrollTop + rows.clientHeight) / height) + BEYOND);
    drawn.forEach(function (one, index) {
      if ((index < first || index >= last) && index !== active) {
        one.element.remove();
        drawn.delete(index);
      }
    });
    for (var index = first; index < last; index += 1) {
      place(index);
    }
    if (active >= 0) {
      place(active);
    }
    markActive();
  }

  function place(index) {
    var block = Math.floor(index / BLOCK);
    if (!blocks.has(block)) {
      fetchSoon(block);
    }
    var row = (blocks.get(block) || [])[index % BLOCK] || null;
    var there = drawn.get(index);
    if (there && (there.row === row || !row)) {
      return;
    }
    var element = row ? rowElement(row, index) : emptyElement(index);
    element.style.transform = "translateY(" + index * height + "px)";
    if (there) {
      there.element.replaceWith(element);
    } else {
      insert(element, index);
    }
    drawn.set(index, { element: element, row: row });
  }

  // Rows stand in the document in the order in which they are seen.
  function insert(element, index) {
    var next = null;
    drawn.forEach(function (one, other) {
      if (other > index && (next === null || other < next)) {
        next = other;
      }
    });
    space.insertBefore(element, next === null ? null : drawn.get(next).element);
  }

  var wanted = new Set();
  var wantTimer = 0;

  // While somebody drags the scroll bar past them, blocks are not worth a question each.
  function fetchSoon(block) {
    wanted.add(block);
    clearTimeout(wantTimer);
    wantTimer = setTimeout(function () {
      var first = Math.floor(rows.scrollTop / height / BLOCK) - 1;
      var last = Math.floor((rows.scrollTop + rows.clientHeight) / height / BLOCK) + 1;
      wanted.forEach(function (each) {
        if (each >= first && each <= last && !blocks.has(each)) {
          fetchBlock(each);
        }
      });
      wanted.clear();
    }, 40);
  }

  function emptyElement(index) {
    var element = document.createElement("div");
    element.className = "row is-empty";
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    element.setAttribute("aria-label", "row " + (index + 1));
    return element;
  }

  function rowElement(row, index) {
    var element = document.createElement("a");
    element.className = "row";
    element.id = "row-" + index;
    element.href = row.href;
    element.tabIndex = -1;
    element.setAttribute("role", "option");
    element.setAttribute("aria-posinset", index + 1);
    element.setAttribute("aria-setsize", total);
    element.setAttribute("aria-selected", "false");
    if (isHere(row)) {
      element.setAttribute("aria-current", "page");
    }
    var title = part("row-title", "");
    if (row.number !== null) {
      title.append(part("row-number", String(row.number)), " ");
    }
    title.append(row.title);
    var more = part("row-more", "");
    more.append(part("row-standing", WORDS[row.state] || row.state));
    counts(row).forEach(function (entry) {
      more.append(" ", mark("state", "state", entry[0], String(entry[1]), entry[1] + " " + entry[0]));
    });
    [["error", row.errors], ["warning", row.warnings]].forEach(function (entry) {
      if (entry[1]) {
        var words = entry[1] + " " + entry[0] + (entry[1] === 1 ? "" : "s");
        more.append(" ", mark("severity", "severity", entry[0], words, words));
      }
    });
    element.append(title, more);
    element.setAttribute("aria-label", spoken(row));
    element.title = row.path;
    return element;
  }

  /** Return the states of a row's statements and how many are in each, in the legend's order. */
  function counts(row) {
    return ORDER.filter(function (state) {
      return row.counts[state];
    }).map(function (state) {
      return [state, row.counts[state]];
    });
  }

  function isHere(row) {
    var here = document.getElementById("workbench") || document.getElementById("impact");
    return Boolean(here) && here.dataset.path === row.path;
  }

  function part(name, text) {
    var element = document.createElement("span");
    element.className = name;
    element.textContent = text;
    return element;
  }

  function mark(name, key, value, text, title) {
    var element = part(name, text);
    element.dataset[key] = value;
    element.title = title;
    return element;
  }

  function spoken(row) {
    var words = [(row.number === null ? "" : row.number + " ") + row.title];
    words.push(WORDS[row.state] || row.state);
    counts(row).forEach(function (entry) {
      words.push(entry[1] + " " + entry[0]);
    });
    if (row.errors) {
      words.push(row.errors + (row.errors === 1 ? " error" : " errors"));
    }
    if (row.warnings) {
      words.push(row.warnings + (row.warnings === 1 ? " warning" : " warnings"));
    }
    return words.join(", ");
  }

  function drawSoon() {
    if (!frame) {
      frame = requestAnimationFrame(draw);
    }
  }

  /* --- moving ----------------------------------------------------------------------------- */

  function markActive() {
    drawn.forEach(function (one, index) {
      one.element.setAttribute("aria-selected", String(index === active));
    });
    var there = active >= 0 && document.getElementById("row-" + active);
    if (there) {
      rows.setAttribute("aria-activedescendant", there.id);
    } else {
      rows.removeAttribute("aria-activedescendant");
    }
  }

  function moveTo(index) {
    if (!total) {
      return;
    }
    active = Math.min(total - 1, Math.max(0, index));
    var top = active * height;
    if (top < rows.scrollTop) {
      rows.scrollTop = top;
    } else if (top + height > rows.scrollTop + rows.clientHeight) {
      rows.scrollTop = top + height - rows.clientHeight;
    }
    draw();
  }

  function open(index) {
    var row = (blocks.get(Math.floor(index / BLOCK)) || [])[index % BLOCK];
    if (row) {
      location.href = row.href;
    }
  }

  function onKey(event) {
    var page = Math.max(1, Math.floor(rows.clientHeight / height) - 1);
    var first = Math.ceil(rows.scrollTop / height);
    var moves = {
      ArrowDown: active < 0 ? first : active + 1,
      ArrowUp: active < 0 ? first : active - 1,
      PageDown: active + page,
      PageUp: active - page,
      Home: 0,
      End: total - 1,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key in moves) {
      moveTo(moves[event.key]);
      event.preventDefault();
    } else if (event.key === "Enter" && active >= 0) {
      open(active);
      event.preventDefault();
    }
  }

  function onFilterKey(event) {
    if (event.key === "ArrowDown") {
      rows.focus();
      moveTo(0);
      event.preventDefault();
    } else if (event.key === "Enter" && total) {
      open(Math.max(0, active));
    } else if (event.key === "Escape" && filter.value) {
      filter.value = "";
      refresh(false);
      event.preventDefault();
    }
  }

  /* --- what is kept from page to page ----------------------------------------------------- */

  function remember() {
    try {
      var kept = { q: filter.value, state: stateFilter.value, top: rows.scrollTop };
      sessionStorage.setItem(KEY, JSON.stringify(kept));
    } catch (_) {
      // Without storage each page begins at the top.
    }
  }

  function recall() {
    try {
      return JSON.parse(sessionStorage.getItem(KEY)) || {};
    } catch (_) {
      return {};
    }
  }

  function measure() {
    height = parseFloat(getComputedStyle(rows).getPropertyValue("--row")) || 52;
  }

  async function start() {
    var kept = recall();
    filter.value = kept.q || "";
    stateFilter.value = kept.state || "";
    measure();
    space.style.height = (kept.top || 0) + rows.clientHeight + "px";
    rows.scrollTop = kept.top || 0;
    await refresh(true);
  }

  var filterTimer = 0;
  filter.addEventListener("input", function () {
    clearTimeout(filterTimer);
    filterTimer = setTimeout(refresh, 80, false);
  });
  filter.addEventListener("keydown", onFilterKey);
  stateFilter.addEventListener("change", function () {
    refresh(false);
  });
  rows.addEventListener("scroll", drawSoon, { passive: true });
  rows.addEventListener("keydown", onKey);
  rows.addEventListener("focus", function () {
    if (active < 0 && total) {
      moveTo(Math.ceil(rows.scrollTop / height));
    }
  });
  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      filter.focus();
      filter.select();
      event.preventDefault();
    }
  });
  window.addEventListener("pagehide", remember);
  window.addEventListener("resize", function () {
    measure();
    setTotal(total);
    drawn.forEach(function (one, index) {
      one.element.style.transform = "translateY(" + index * height + "px)";
    });
    drawSoon();
  });
  bylaw.on("changed", function () {
    refresh(true);
  });
  start();
})();
