/* A sentence and the lines that it has produced point at each other.

   Elements with `data-about` (full ids, apart by blanks) below one `[data-link-root]` belong
   together where they share an id. What is hovered or focused marks the rest; Enter or a click
   goes to the nearest one in the other pane, and from there back. */
(function () {
  "use strict";

  var marked = [];

  function ids(element) {
    return (element.dataset.about || "").split(/\s+/).filter(Boolean);
  }

  function sharing(root, wanted) {
    var found = new Set();
    wanted.forEach(function (id) {
      root.querySelectorAll('[data-about~="' + CSS.escape(id) + '"]').forEach(function (each) {
        found.add(each);
      });
    });
    return Array.from(found);
  }

  function clear() {
    marked.forEach(function (each) {
      each.classList.remove("is-linked");
    });
    marked = [];
  }

  /** Mark all below a root that has a part in these constraints. */
  function mark(root, wanted) {
    clear();
    marked = sharing(root, wanted);
    marked.forEach(function (each) {
      each.classList.add("is-linked");
    });
  }

  function at(target) {
    var element = target instanceof Element ? target.closest("[data-about]") : null;
    var root = element && element.closest("[data-link-root]");
    return root && ids(element).length ? { element: element, root: root } : null;
  }

  function point(event) {
    var here = at(event.target);
    if (here) {
      mark(here.root, ids(here.element));
    } else if (event.type === "focusin" || !focused()) {
      clear();
    } else {
      mark(focused().root, ids(focused().element));
    }
  }

  function focused() {
    return at(document.activeElement);
  }

  /* --- going there ------------------------------------------------------------------------ */

  function pane(element, root) {
    return element.closest(".pane, [data-pane]") || root;
  }

  function isShown(element) {
    return element.getClientRects().length > 0;
  }

  /** Go from an element to the first one that belongs to it in another pane. */
  function follow(element, root) {
    var own = pane(element, root);
    var others = sharing(root, ids(element)).filter(function (each) {
      return each !== element && pane(each, root) !== own;
    });
    var target = others.find(isShown) || others.find(reveal);
    if (!target) {
      return false;
    }
    mark(root, ids(element));
    target.scrollIntoView({ block: "center", inline: "nearest" });
    if (!target.hasAttribute("tabindex")) {
      target.tabIndex = -1;
    }
    target.focus({ preventScroll: true });
    mark(root, ids(element));
    return true;
  }

  /** Have whoever hides an element show it; tabs listen to this. */
  function reveal(element) {
    element.dispatchEvent(new CustomEvent("bylaw:reveal", { bubbles: true }));
    return isShown(element);
  }

  function wants(event) {
    // A link or a button inside has its own meaning, and so has text that is being selected.
    var inner = event.target.closest("a, button, summary, input, textarea, select");
    return !inner && !String(window.getSelection()).trim();
  }

  document.addEventListener("mouseover", point);
  document.addEventListener("focusin", point);
  document.addEventListener("mouseleave", clear);
  document.addEventListener("click", function (event) {
    var here = at(event.target);
    if (here && wants(event)) {
      follow(here.element, here.root);
    }
  });
  document.addEventListener("keydown", function (event) {
    var here = at(event.target);
    if (!here || event.target !== here.element || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    if (event.key === "Enter" && follow(here.element, here.root)) {
      event.preventDefault();
    }
  });

  window.bylawLink = { mark: mark, clear: clear, follow: follow };
})();
