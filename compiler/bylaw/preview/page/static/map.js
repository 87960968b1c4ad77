/* The map: what is near in the graph, folders that open in place, engines asked late.

   On the static site there is no server: what opens in place here is a page of its own there. */
(function () {
  "use strict";

  var map = document.getElementById("map") || document.getElementById("bylaw_map");
  if (!map) {
    return;
  }
  var live = window.bylaw;
  var BATCH = 4;

  /* --- the graph: what belongs to what is pointed at ---------------------------------------- */

  function keysOf(element) {
    return (element.dataset.ends || element.dataset.box || "").split(" ");
  }

  function at(target) {
    return target instanceof Element ? target.closest("[data-ends], [data-box]") : null;
  }

  function markNear(element) {
    var drawn = map.querySelectorAll("[data-ends], [data-box]");
    map.querySelector(".map-graph").classList.toggle("is-pointing", Boolean(element));
    var keys = element ? keysOf(element) : [];
    var near = new Set(keys);
    var whole = element && element.dataset.ends ? element.dataset.ends : null;
    if (element && !whole) {
      drawn.forEach(function (each) {
        if (each.dataset.ends && keysOf(each).indexOf(keys[0]) >= 0) {
          keysOf(each).forEach(near.add, near);
        }
      });
    }
    drawn.forEach(function (each) {
      var mine = keysOf(each);
      var is = element && (each.dataset.box ? near.has(mine[0])
        : whole ? each.dataset.ends === whole : mine.indexOf(keys[0]) >= 0);
      each.classList.toggle("is-near", Boolean(is));
    });
  }

  function point(event) {
    if (map.querySelector(".graph-svg")) {
      markNear(at(event.target) || at(document.activeElement));
    }
  }

  function named() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch (_) {
      return "";
    }
  }

  function showFocus() {
    var chosen = map.querySelector("[data-focus='true']");
    var hash = named();
    chosen = chosen || (hash ? document.getElementById(hash) : null);
    if (!chosen || !map.contains(chosen)) {
      return;
    }
    chosen.setAttribute("data-focus", "true");
    var frame = chosen.closest(".graph-scroll");
    if (!frame) {
      chosen.scrollIntoView({ block: "center" });
      return;
    }
    var box = chosen.getBoundingClientRect();
    var around = frame.getBoundingClientRect();
    frame.scrollLeft += box.left + box.width / 2 - around.left - around.width / 2;
    frame.scrollTop += box.top + box.height / 2 - around.top - around.height / 2;
    // The page itself moves no further than it must.
    chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
    markNear(chosen);
    var words = map.querySelector(".graph-words");
    var told = words.querySelector(".relation.is-near");
    if (told) {
      words.scrollTop += told.getBoundingClientRect().top - words.getBoundingClientRect().top;
    }
  }

  /* --- the tree: folders that open in place -------------------------------------------------- */

  function addOpener(entry) {
    var button = document.createElement("button");
    button.type = "button";
    button.className = "opener plain";
    button.setAttribute("aria-expanded", "false");
    button.setAttribute("aria-label", "Folder " + entry.dataset.folder);
    entry.querySelector(".entry-row").prepend(button);
  }

  async function open(button) {
    var entry = button.closest(".entry");
    var inside = entry.querySelector(":scope > .entry-inside");
    var opened = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!opened));
    if (inside) {
      inside.hidden = opened;
      return;
    }
    inside = document.createElement("div");
    inside.className = "entry-inside";
    inside.textContent = "…";
    entry.append(inside);
    try {
      var address = "/api/map/entries?" + new URLSearchParams({ folder: entry.dataset.folder });
      var answer = await live.ask(address);
      inside.innerHTML = answer.html;
      inside.querySelectorAll(".entry[data-folder]").forEach(addOpener);
    } catch (fault) {
      inside.remove();
      button.setAttribute("aria-expanded", "false");
      live.announce(fault.message);
    }
  }

  /* --- where constraints are checked: engines that have yet to be asked ---------------------- */

  async function askEngines() {
    var waiting = Array.from(map.querySelectorAll("[data-ask]")).slice(0, BATCH);
    if (!waiting.length) {
      return;
    }
    var query = new URLSearchParams();
    waiting.forEach(function (each) {
      query.append("id", each.dataset.ask);
    });
    var answer = await live.ask("/api/map/checked?" + query);
    waiting.forEach(function (each) {
      each.innerHTML = answer.html[each.dataset.ask];
      each.removeAttribute("data-ask");
    });
    await askEngines();
  }

  function ask() {
    askEngines().catch(function (fault) {
      map.querySelectorAll("[data-ask]").forEach(function (each) {
        each.textContent = "not known: " + fault.message;
      });
    });
  }

  /* --- the live page ------------------------------------------------------------------------- */

  function enliven() {
    map.querySelectorAll(".entry[data-folder]").forEach(addOpener);
    var form = map.querySelector(".map-find");
    if (form) {
      form.hidden = false;
    }
    ask();
  }

  /** Take a view anew, keeping open what is open. */
  async function refresh() {
    var query = new URLSearchParams({ view: map.dataset.view, focus: map.dataset.focus });
    var opened = Array.from(map.querySelectorAll(".opener[aria-expanded='true']"), function (each) {
      return each.closest(".entry").dataset.folder;
    });
    var answer = await live.ask("/api/map?" + query);
    map.innerHTML = answer.html;
    map.removeAttribute("data-wait");
    enliven();
    for (var folder of opened) {
      var entry = map.querySelector('.entry[data-folder="' + CSS.escape(folder) + '"]');
      if (entry) {
        await open(entry.querySelector(".opener"));
      }
    }
  }

  function refreshOrSay() {
    refresh().catch(function (fault) {
      live.announce(fault.message);
    });
  }

  map.addEventListener("pointerover", point);
  map.addEventListener("focusin", point);
  map.addEventListener("pointerleave", point);
  if (live) {
    map.addEventListener("click", function (event) {
      var button = event.target.closest(".opener");
      if (button) {
        open(button);
      }
    });
    live.on("changed", refreshOrSay);
    live.on("tree", refreshOrSay);
    if (map.hasAttribute("data-wait")) {
      refreshOrSay();
    } else {
      enliven();
    }
  }
  showFocus();
})();
