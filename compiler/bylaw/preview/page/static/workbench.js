/* The workbench: what is written is compiled as it is written, and shown beside it. */
(function () {
  "use strict";

  var DELAY = 40; // milliseconds after the last key
  var SLOW = 1000; // milliseconds after which we say that we wait
  var MODE = "bylaw-mode";

  function Workbench(root) {
    this.root = root;
    this.seq = 0;
    this.timer = 0;
    this.asking = null; // what ends the question that is under way
    this.newPath = document.getElementById("new-path");
    this.named = false; // the user has named the file
    this.editor = new window.BylawEditor(document.getElementById("bylaw_editor"), this.path.bind(this));
    this.isReadOnly = this.mustNotWrite();
    this.saving = new window.BylawSaving(this);
    this.impact = new window.BylawImpactSummary(document.getElementById("impact-line"));
    this.listen();
    this.start();
  }

  Workbench.prototype.path = function () {
    return this.newPath ? this.newPath.value.trim() : this.root.dataset.path;
  };

  // What a text field cannot hold as it is would be saved as something else.
  Workbench.prototype.mustNotWrite = function () {
    var text = this.editor.source.defaultValue;
    var whole = Array.from(text).length === Number(this.root.dataset.length);
    var readOnly = !whole || this.root.dataset.editable === "no";
    this.editor.source.readOnly = readOnly;
    return readOnly;
  };

  Workbench.prototype.listen = function () {
    var bench = this;
    this.editor.onchange = function () {
      bench.saving.changed();
      bench.askSoon();
    };
    this.editor.oncaret = function () {
      // A swap puts its scrolling back first.
      requestAnimationFrame(bench.showProblemAtCaret.bind(bench));
    };
    document.getElementById("impact-line").addEventListener("click", function (event) {
      if (bench.newPath && event.target.closest("a")) {
        event.preventDefault();
        location.href = encodeURI("/impact/" + bench.path());
      }
    });
    this.root.addEventListener("click", function (event) {
      var place = event.target.closest(".problem-place");
      if (place) {
        event.preventDefault();
        bench.goTo(position(place.dataset.start), position(place.dataset.end));
      }
    });
    ["read", "write"].forEach(function (mode) {
      document.getElementById("to-" + mode).addEventListener("click", function () {
        bench.setMode(mode, true);
        if (mode === "write") {
          bench.editor.source.focus({ preventScroll: true });
          bench.editor.reveal();
        }
      });
    });
    if (this.newPath) {
      this.newPath.addEventListener("input", function () {
        bench.named = true;
      });
      this.newPath.addEventListener("change", function () {
        bench.saving.keep();
        bench.ask();
      });
    }
    bylaw.on("changed", this.ask.bind(this));
    bylaw.on("ready", function (told) {
      if (bench.revision !== undefined && told.revision !== bench.revision) {
        bench.ask();
      }
    });
    window.addEventListener("hashchange", this.atHash.bind(this));
  };

  function position(text) {
    return text.split(":").map(Number);
  }

  Workbench.prototype.start = function () {
    var mode = "read";
    try {
      mode = localStorage.getItem(MODE) === "write" ? "write" : "read";
    } catch (_) {
      // Reading it is.
    }
    var restored = this.saving.restore();
    this.setMode(this.newPath || restored ? "write" : mode, false);
    if (this.newPath && !restored) {
      this.beginSentence();
    }
    this.atHash();
    this.ask();
  };

  /* --- reading and writing ---------------------------------------------------------------- */

  Workbench.prototype.mode = function () {
    return document.getElementById("bylaw_write").hidden ? "read" : "write";
  };

  Workbench.prototype.setMode = function (mode, chosen) {
    this.root.dataset.mode = mode;
    ["read", "write"].forEach(function (each) {
      document.getElementById("bylaw_" + each).hidden = each !== mode;
      document.getElementById("to-" + each).setAttribute("aria-pressed", String(each === mode));
    });
    document.getElementById("editor-hint").hidden = mode !== "write";
    this.editor.mirror.fit();
    if (chosen) {
      try {
        localStorage.setItem(MODE, mode);
      } catch (_) {
        // It holds for this page then.
      }
    }
  };

  Workbench.prototype.focus = function () {
    (this.mode() === "write" ? this.editor.source : document.getElementById("bylaw_read")).focus();
  };

  /** Put the caret where the first sentence of a new decision goes. */
  Workbench.prototype.beginSentence = function () {
    var lines = this.editor.mirror.lines;
    var item = lines.lastIndexOf("- ");
    if (item >= 0) {
      this.editor.goTo([item, lines[item].length]);
    }
  };

  /** Scroll Problems, where it scrolls by itself, to what is wrong in the caret's line. */
  Workbench.prototype.showProblemAtCaret = function () {
    var pane = document.getElementById("bylaw_problems");
    var line = this.editor.caret().line;
    var place = Array.from(pane.querySelectorAll(".problem-place")).find(function (each) {
      return position(each.dataset.start)[0] <= line && position(each.dataset.end)[0] >= line;
    });
    if (!place || pane.scrollHeight <= pane.clientHeight || !this.editor.hasFocus()) {
      return;
    }
    var box = place.closest(".problem").getBoundingClientRect();
    var view = pane.getBoundingClientRect();
    if (box.top < view.top || box.bottom > view.bottom) {
      pane.scrollTop += box.top - view.top;
    }
  };

  Workbench.prototype.goTo = function (start, end) {
    this.setMode("write", false);
    this.editor.goTo(start, end);
  };

  /** Show what the address points at: a statement, or a line. */
  Workbench.prototype.atHash = function () {
    var name = bylaw.hash();
    var read = document.getElementById("bylaw_read");
    // The list beside it may have the same id for something else.
    var there = name && read.querySelector("#" + CSS.escape(name));
    if (!there) {
      return;
    }
    if (this.mode() === "write") {
      this.editor.goTo([Number(there.dataset.line) - 1 || 0, 0]);
    } else {
      there.scrollIntoView({ block: "center" });
      there.focus({ preventScroll: true });
    }
  };

  /* --- asking ----------------------------------------------------------------------------- */

  Workbench.prototype.askSoon = function () {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.ask.bind(this), DELAY);
  };

  Workbench.prototype.ask = async function () {
    clearTimeout(this.timer);
    if (this.asking) {
      this.asking.abort();
    }
    var asking = (this.asking = new AbortController());
    this.seq += 1;
    var seq = this.seq;
    var text = this.editor.source.value;
    var began = performance.now();
    var timing = document.getElementById("timing");
    var slow = setTimeout(function () {
      timing.textContent = "compiling";
    }, SLOW);
    try {
      var body = { path: this.path(), text: text, seq: seq };
      var answer = await bylaw.ask("/api/preview", body, { signal: asking.signal });
      if (answer.seq === this.seq && text === this.editor.source.value) {
        this.show(answer);
        timing.textContent = Math.round(performance.now() - began) + " ms";
      }
    } catch (fault) {
      if (fault.name !== "AbortError" && seq === this.seq) {
        timing.textContent = "";
        this.saving.say("fault", "Not compiled: " + fault.message + ".", []);
      }
    } finally {
      clearTimeout(slow);
      if (this.asking === asking) {
        this.asking = null;
      }
    }
  };

  Workbench.prototype.show = function (answer) {
    this.revision = answer.revision;
    if (this.saving.notice.dataset.kind === "fault") {
      this.saving.quiet();
    }
    bylaw.swap(document.getElementById("bylaw_read"), answer.html.decision);
    bylaw.swap(document.getElementById("bylaw_outputs"), answer.html.outputs);
    bylaw.swap(document.getElementById("bylaw_problems"), answer.html.diagnostics);
    this.editor.decorate(answer.statements, answer.diagnostics);
    setText("work-title", answer.title);
    this.nameFile(answer.title);
    this.saving.seen(answer.digest);
    this.showImpact();
    this.speak(answer);
  };

  /** Have the impact of this text measured once it has come to rest. */
  Workbench.prototype.showImpact = function () {
    var text = this.editor.source.value;
    var about = this.path() + " " + this.revision + " " + text;
    if (about !== this.measured) {
      this.measured = about;
      this.impact.soon(this.path(), this.saving.isOnlyHere() || this.newPath ? text : null);
    }
    if (this.newPath) {
      pointToNew(encodeURI("/impact/" + this.path()));
    }
  };

  // Only a path leads to a decision that is no file yet.
  function pointToNew(address) {
    document.querySelectorAll('.places a[href^="/impact/"]').forEach(function (link) {
      link.href = address;
    });
  }

  function setText(id, text) {
    var element = document.getElementById(id);
    if (element.textContent !== text) {
      element.textContent = text;
    }
  }

  /** Let the name of a new file follow the title, until the user has named it. */
  Workbench.prototype.nameFile = function (title) {
    if (!this.newPath || this.named || !title) {
      return;
    }
    var words = title.normalize("NFKD").toLowerCase().match(/[a-z0-9]+/g);
    var name = (words || ["decision"]).join("-").slice(0, 60).replace(/-+$/, "");
    this.newPath.value = this.newPath.value.replace(/(\d+[-_. ]*)[^/]*$/, "$1" + name + ".md");
    this.saving.keep();
  };

  /** Tell a screen reader how the text fares, once it has come to rest. */
  Workbench.prototype.speak = function (answer) {
    var count = function (severity) {
      var found = answer.diagnostics.filter(function (each) {
        return each.severity === severity;
      }).length;
      return found + " " + severity + (found === 1 ? "" : "s");
    };
    var words = answer.statements.length + " statements, " + count("error") + ", " + count("warning");
    clearTimeout(this.speaking);
    this.speaking = setTimeout(setText, 800, "bylaw_result", words);
  };

  /** Return the text on disk, its digest and whether it is text at all; null without a file. */
  Workbench.prototype.fetchPage = async function () {
    // By its path: what is on disk now may be no decision, or one with another's id.
    var place = this.path().split("/").map(encodeURIComponent).join("/");
    var response = await fetch("/decisions/" + place);
    if (!response.ok) {
      return null;
    }
    var page = new DOMParser().parseFromString(await response.text(), "text/html");
    var root = page.getElementById("workbench");
    if (!root) {
      return null;
    }
    return {
      text: page.getElementById("bylaw_source").value,
      digest: root.dataset.digest || null,
      isText: root.dataset.editable === "yes",
    };
  };

  var root = document.getElementById("workbench");
  if (root) {
    window.bylawWorkbench = new Workbench(root);
  }
})();
