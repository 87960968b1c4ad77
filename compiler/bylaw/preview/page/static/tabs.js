/* The outputs as tabs.

   A preview is shown anew with every keystroke: the tab that was chosen stays chosen, and what was
   opened stays open. Without this script all panels stand below each other. */
(function () {
  "use strict";

  var KEY = "bylaw-tab";
  var opened = new Map();
  var ids = new WeakMap();

  function all(root, selector) {
    return Array.from(root.querySelectorAll(selector));
  }

  function tabsOf(root) {
    return all(root, '[role="tab"]');
  }

  function remembered() {
    try {
      return sessionStorage.getItem(KEY);
    } catch (error) {
      return null; // a page from a file may have no storage
    }
  }

  function remember(name) {
    try {
      sessionStorage.setItem(KEY, name);
    } catch (error) {
      return;
    }
  }

  function choose(root, name) {
    tabsOf(root).forEach(function (tab) {
      var chosen = tab.dataset.tab === name;
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      if (chosen) {
        showWhole(tab);
      }
    });
    all(root, '[role="tabpanel"]').forEach(function (panel) {
      panel.hidden = panel.dataset.panel !== name;
    });
  }

  /** Scroll the row of tabs, and nothing else, so that a tab is seen. */
  function showWhole(tab) {
    var row = tab.parentElement;
    var left = tab.getBoundingClientRect().left - row.getBoundingClientRect().left + row.scrollLeft;
    if (left < row.scrollLeft || left + tab.offsetWidth > row.scrollLeft + row.clientWidth) {
      row.scrollLeft = left - (row.clientWidth - tab.offsetWidth) / 2;
    }
  }

  /* --- what has been opened --------------------------------------------------------------- */

  function keyOf(details) {
    var panel = details.closest("[data-panel]");
    return panel && details.dataset.keep ? panel.dataset.panel + " " + details.dataset.keep : null;
  }

  function begin(root) {
    root.classList.add("has-tabs");
    var tabs = tabsOf(root);
    if (!tabs.length) {
      return;
    }
    var wanted = remembered();
    var first = tabs.find(function (tab) { return tab.dataset.tab === wanted; }) ||
      tabs.find(function (tab) { return tab.getAttribute("aria-selected") === "true"; }) || tabs[0];
    choose(root, first.dataset.tab);
    all(root, "details[data-keep]").forEach(function (each) {
      var kept = opened.get(keyOf(each));
      if (kept !== undefined) {
        each.open = kept;
      }
    });
  }

  document.addEventListener("toggle", function (event) {
    var key = event.target instanceof Element && event.target.matches(".outputs details[data-keep]") &&
      keyOf(event.target);
    if (key) {
      opened.set(key, event.target.open);
    }
  }, true);

  /* --- choosing --------------------------------------------------------------------------- */

  function pick(root, tab) {
    choose(root, tab.dataset.tab);
    remember(tab.dataset.tab);
    var scroller = root.closest(".pane-body");
    if (scroller) {
      scroller.scrollTop = 0;
    }
    if (root.getBoundingClientRect().top < 0) {
      root.scrollIntoView();
    }
  }

  document.addEventListener("click", function (event) {
    var tab = event.target.closest('.outputs [role="tab"]');
    if (tab) {
      pick(tab.closest(".outputs"), tab);
    }
  });

  var STEPS = { ArrowRight: 1, ArrowLeft: -1 };

  document.addEventListener("keydown", function (event) {
    var tab = event.target.closest('.outputs [role="tab"]');
    if (!tab || event.ctrlKey || event.altKey || event.metaKey) {
      return;
    }
    var root = tab.closest(".outputs");
    var tabs = tabsOf(root);
    var step = STEPS[event.key];
    var next = null;
    if (step) {
      next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    } else if (event.key === "Home") {
      next = tabs[0];
    } else if (event.key === "End") {
      next = tabs[tabs.length - 1];
    }
    if (next) {
      event.preventDefault();
      pick(root, next);
      next.focus();
    }
  });

  /* Somebody goes to a line that is not shown: show it. */
  document.addEventListener("bylaw:reveal", function (event) {
    var panel = event.target.closest(".outputs [data-panel]");
    if (!panel) {
      return;
    }
    var root = panel.closest(".outputs");
    var tab = tabsOf(root).find(function (each) {
      return each.dataset.tab === panel.dataset.panel;
    });
    pick(root, tab);
    var details = event.target.closest("details");
    while (details && panel.contains(details)) {
      details.open = true;
      details = details.parentElement.closest("details");
    }
  });

  /* --- where else there are lines of what is pointed at ------------------------------------- */

  function lines(part) {
    if (!ids.has(part)) {
      var found = new Set();
      all(part, "[data-about][tabindex]").forEach(function (line) {
        line.dataset.about.split(" ").forEach(function (id) { found.add(id); });
      });
      ids.set(part, found);
    }
    return ids.get(part);
  }

  function show(event) {
    var here = event.target instanceof Element ? event.target.closest("[data-about]") : null;
    var scope = here && here.closest("[data-link-root]");
    var wanted = here ? here.dataset.about.split(" ") : [];
    all(scope || document, ".outputs").forEach(function (root) {
      var parts = all(root, "[data-panel]").map(function (panel) {
        return [panel, root.querySelector('[role="tab"][data-tab="' + CSS.escape(panel.dataset.panel) + '"]')];
      });
      all(root, "details.file").forEach(function (file) { parts.push([file, file.firstElementChild]); });
      parts.forEach(function (pair) {
        var isThere = wanted.some(function (id) { return lines(pair[0]).has(id); });
        pair[1].classList.toggle("has-lines", isThere);
      });
    });
  }

  document.addEventListener("mouseover", show);
  document.addEventListener("focusin", show);

  /* --- new previews ------------------------------------------------------------------------ */

  function look(nodes) {
    nodes.forEach(function (node) {
      if (node instanceof Element) {
        (node.matches(".outputs") ? [node] : all(node, ".outputs")).forEach(begin);
      }
    });
  }

  new MutationObserver(function (changes) {
    changes.forEach(function (change) { look(change.addedNodes); });
  }).observe(document.documentElement, { childList: true, subtree: true });
  look([document.body]);
})();
