/* The text of an ADR as it is written: a text field over its mirror. */
(function () {
  "use strict";

  var MOST = 8; // words named that were expected
  var PAUSE = 600; // milliseconds without a key after which the caret's line is explained

  /** Write in `root`, which holds the field, its mirror and the list of completions. */
  function Editor(root, path) {
    this.root = root;
    this.view = root.parentElement;
    this.path = path;
    this.source = root.querySelector("#bylaw_source");
    this.mirror = new window.BylawMirror(root.querySelector("#bylaw_mirror"), this.source);
    this.completion = new window.BylawCompletion(this, root.querySelector("#bylaw_completion"));
    this.hint = document.createElement("div");
    this.hint.className = "hint";
    this.hint.hidden = true;
    this.hint.setAttribute("aria-hidden", "true"); // Problems says the same to those who listen
    root.append(this.hint);
    this.problems = [];
    this.statements = [];
    this.hushed = null;
    this.typed = -PAUSE; // when
    this.resting = 0; // the timer of that pause
    this.byKey = false; // whether it is keys that move the caret
    this.listen();
  }

  Editor.prototype.listen = function () {
    var editor = this;
    this.source.addEventListener("input", function () {
      editor.mirror.update();
      editor.hushed = null;
      editor.hint.hidden = true;
      editor.typed = performance.now();
      requestAnimationFrame(editor.reveal.bind(editor)); // after the browser's own scrolling
      editor.onchange(editor.source.value);
    });
    document.addEventListener("selectionchange", function () {
      if (editor.hasFocus()) {
        editor.atCaret();
        if (editor.byKey) {
          editor.reveal();
        }
      }
    });
    this.source.addEventListener("mousedown", function () {
      editor.byKey = false; // what is clicked at must not move
    });
    this.source.addEventListener("focus", function () {
      editor.atCaret();
    });
    this.source.addEventListener("blur", function () {
      editor.hint.hidden = true;
      window.bylawLink.clear();
    });
    this.source.addEventListener("keydown", function (event) {
      editor.byKey = true;
      if (event.key === "Escape" && !editor.hint.hidden) {
        editor.hushed = editor.caret().line;
        editor.hint.hidden = true;
      }
    });
    this.source.addEventListener("mousemove", function (event) {
      editor.pointAt(editor.mirror.lineAt(event.clientY));
    });
    this.source.addEventListener("mouseleave", function () {
      editor.pointAt(editor.hasFocus() ? editor.caret().line : -1);
    });
    new ResizeObserver(function () {
      editor.mirror.fit();
      if (editor.hasFocus()) {
        editor.atCaret();
        editor.reveal();
      }
    }).observe(this.view);
  };

  /** Show the caret's line, and a little of what stands around it. */
  Editor.prototype.reveal = function () {
    var element = this.hasFocus() && this.mirror.elements[this.caret().line];
    if (element) {
      element.scrollIntoView({ block: "nearest" });
    }
  };

  /** Called with the text whenever it has changed. */
  Editor.prototype.onchange = function () {};

  /** Called with the caret's line whenever it may be another one. */
  Editor.prototype.oncaret = function () {};

  Editor.prototype.hasFocus = function () {
    return document.activeElement === this.source;
  };

  /** Return where the caret is: its offset, and line and character from zero. */
  Editor.prototype.caret = function () {
    var offset = this.source.selectionEnd;
    var before = this.source.value.slice(0, offset);
    var start = before.lastIndexOf("\n") + 1;
    return { offset: offset, line: before.split("\n").length - 1, character: offset - start };
  };

  Editor.prototype.lineText = function () {
    return this.mirror.lines[this.caret().line] || "";
  };

  Editor.prototype.isInStatement = function (line) {
    return this.statements.some(function (each) {
      return each.start[0] <= line && each.end[0] >= line;
    });
  };

  Editor.prototype.offsetOf = function (place) {
    var offset = 0;
    for (var line = 0; line < place[0] && line < this.mirror.lines.length; line += 1) {
      offset += this.mirror.lines[line].length + 1;
    }
    return Math.min(offset + place[1], this.source.value.length);
  };

  /** Put a text in the place of a range, so that it can be undone. */
  Editor.prototype.replace = function (start, end, text) {
    this.source.focus();
    this.source.setSelectionRange(this.offsetOf(start), this.offsetOf(end));
    // Deprecated, and the only way that leaves undo alone.
    if (!document.execCommand("insertText", false, text)) {
      var range = [this.source.selectionStart, this.source.selectionEnd];
      this.source.setRangeText(text, range[0], range[1], "end");
      this.source.dispatchEvent(new InputEvent("input", { inputType: "insertReplacementText" }));
    }
  };

  /** Put another text in the place of all, as one that came from disk. */
  Editor.prototype.setText = function (text) {
    var caret = this.source.selectionStart;
    var top = this.view.scrollTop;
    this.source.value = text;
    this.source.setSelectionRange(Math.min(caret, text.length), Math.min(caret, text.length));
    this.mirror.update();
    this.view.scrollTop = top;
  };

  /** Show what the compiler says of the text. */
  Editor.prototype.decorate = function (statements, problems) {
    this.statements = statements;
    this.problems = problems;
    this.mirror.decorate(statements, problems);
    if (this.hasFocus()) {
      this.atCaret();
    }
  };

  /** Go to a range and show it. */
  Editor.prototype.goTo = function (start, end) {
    this.source.focus({ preventScroll: true });
    this.source.setSelectionRange(this.offsetOf(start), this.offsetOf(end || start));
    this.hushed = null;
    var element = this.mirror.elements[Math.min(start[0], this.mirror.elements.length - 1)];
    element.scrollIntoView({ block: "center", inline: "nearest" });
    this.atCaret();
  };

  /* --- at the caret ----------------------------------------------------------------------- */

  Editor.prototype.atCaret = function () {
    var line = this.caret().line;
    this.mirror.setCurrent(line);
    this.pointAt(line);
    this.showHint(line);
    this.oncaret(line);
  };

  Editor.prototype.pointAt = function (line) {
    var element = this.mirror.elements[line];
    var about = element && element.dataset.about;
    var root = this.root.closest("[data-link-root]");
    if (about) {
      window.bylawLink.mark(root, about.split(" "));
    } else {
      window.bylawLink.clear();
    }
  };

  /** Show below the caret's line what is wrong in it, what was expected and what comes nearest. */
  Editor.prototype.showHint = function (line) {
    clearTimeout(this.resting);
    var rest = this.typed + PAUSE - performance.now();
    if (rest > 0) {
      // Who is in the middle of a sentence knows that it is not whole.
      this.resting = setTimeout(this.atRest.bind(this), rest);
      return;
    }
    var here = this.problems.filter(function (each) {
      return each.start && each.start[0] <= line && each.end[0] >= line;
    });
    var worst = here.find(function (each) {
      return each.severity === "error";
    }) || here[0];
    if (!worst || this.hushed === line || this.completion.isOpen()) {
      this.hint.hidden = true;
      return;
    }
    this.hint.dataset.severity = worst.severity;
    var parts = hintParts(worst, here.length === 1 && this.mirror.isToldAt(worst.end[0]));
    if (!parts.length) {
      this.hint.hidden = true;
      return;
    }
    this.hint.replaceChildren.apply(this.hint, parts);
    this.hint.hidden = false;
    var last = Math.min(worst.end[0], this.mirror.lines.length - 1);
    var start = last === worst.start[0] ? worst.start[1] : 0;
    var at = this.mirror.placeOf(last, start);
    var end = this.mirror.placeOf(last, this.mirror.lines[last].length);
    var left = Math.max(0, Math.min(at.left, this.root.clientWidth - this.hint.offsetWidth - 8));
    this.hint.style.left = left + "px";
    this.hint.style.top = end.top + end.height + 2 + "px"; // what stands above is being read
    this.hint.scrollIntoView({ block: "nearest" });
  };

  Editor.prototype.atRest = function () {
    if (this.hasFocus()) {
      this.showHint(this.caret().line);
    }
  };

  /** Say something below the caret, until the next key. */
  Editor.prototype.tell = function (words) {
    var caret = this.caret();
    var at = this.mirror.placeOf(caret.line, caret.character);
    this.hint.removeAttribute("data-severity");
    this.hint.replaceChildren(line("hint-note", words));
    this.hint.hidden = false;
    var left = Math.max(0, Math.min(at.left, this.root.clientWidth - this.hint.offsetWidth - 8));
    this.hint.style.left = left + "px";
    this.hint.style.top = at.top + at.height + 2 + "px";
    this.hint.scrollIntoView({ block: "nearest" });
    bylaw.announce(words);
  };

  /** Return where something of a height goes: below a line, or above where that is out of view. */
  Editor.prototype.besideLine = function (top, bottom, height) {
    var origin = this.root.getBoundingClientRect().top;
    var view = this.view.getBoundingClientRect();
    var below = bottom + 2;
    var fits = origin + below + height <= Math.min(view.bottom, window.innerHeight);
    var above = top - height - 2;
    return fits || origin + above < Math.max(view.top, 0) ? below : above;
  };

  /** Return what a hint says; `told` is whether message and note stand at the line already. */
  function hintParts(problem, told) {
    var parts = told && !problem.short ? [] : [
      line("hint-message", problem.severity + " " + problem.code + ": " + problem.message),
    ];
    var nearest = problem.nearest;
    if (problem.note && parts.length && !(nearest && nearest.expected.length)) {
      parts.push(line("hint-note", problem.note));
    }
    if (nearest && nearest.expected.length) {
      parts.push(line("hint-more", "expected: " + nearest.expected.slice(0, MOST).join(", ")));
    }
    if (nearest) {
      parts.push(line("hint-more", "nearest: " + nearest.shape));
    } else if (problem.help && problem.severity === "error") {
      parts.push(line("hint-more", problem.help));
    }
    return parts;
  }

  function line(name, text) {
    var element = document.createElement("p");
    element.className = name;
    element.textContent = text;
    return element;
  }

  window.BylawEditor = Editor;
})();
