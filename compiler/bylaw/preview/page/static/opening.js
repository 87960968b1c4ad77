/* Shows the page that was asked for, once the decisions are compiled. */
(function () {
  "use strict";

  window.bylaw.on("ready", function () {
    window.location.reload();
  });
})();
