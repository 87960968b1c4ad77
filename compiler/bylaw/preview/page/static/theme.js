/* The theme: set before anything is drawn, and changed by the button in the header. */
(function () {
  "use strict";

  var NAMES = ["system", "light", "dark"];
  var KEY = "bylaw-theme";

  function chosen() {
    try {
      var name = localStorage.getItem(KEY);
      return NAMES.includes(name) ? name : "system";
    } catch (_) {
      return "system"; // a page from a file may have no storage
    }
  }

  function apply(name) {
    if (name === "system") {
      delete document.documentElement.dataset.theme;
    } else {
      document.documentElement.dataset.theme = name;
    }
  }

  apply(chosen());

  document.addEventListener("DOMContentLoaded", function () {
    var button = document.getElementById("theme");
    var word = document.getElementById("theme-name");
    if (!button || !word) {
      return;
    }
    var now = chosen();
    word.textContent = now;
    button.hidden = false;
    button.addEventListener("click", function () {
      now = NAMES[(NAMES.indexOf(now) + 1) % NAMES.length];
      word.textContent = now;
      apply(now);
      try {
        localStorage.setItem(KEY, now);
      } catch (_) {
        // It holds for this page then.
      }
    });
  });
})();
