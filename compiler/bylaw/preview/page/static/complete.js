/* Completion at the caret: a list box that the text field drives.

   Control and Space asks for it; while a statement is written it comes by itself, and then nothing
   is chosen until an arrow key says so, so that Enter stays a line break. Tab always moves on. */
(function () {
  "use strict";

  var DELAY = 60; // milliseconds
  var MOST = 200; // shown
  var NOTHING = "nothing to complete here";
  var ELSEWHERE = ": sentences stand behind `- ` in a Constraints section";

  /** Complete what is written in `editor`, an editor of editor.js, in the list box `box`. */
  function Completion(editor, box) {
    this.editor = editor;
    this.box = box;
    this.items = [];
    this.active = -1;
    this.asked = 0;
    this.timer = 0;
    box.setAttribute("role", "listbox");
    box.setAttribute("aria-label", "Completions");
    editor.source.setAttribute("aria-autocomplete", "list");
    editor.source.setAttribute("aria-haspopup", "listbox");
    editor.source.addEventListener("keydown", this.onKey.bind(this));
    editor.source.addEventListener("input", this.onInput.bind(this));
    editor.source.addEventListener("blur", this.close.bind(this));
    editor.source.addEventListener("click", this.close.bind(this));
    box.addEventListener("mousedown", this.onPress.bind(this));
  }

  Completion.prototype.isOpen = function () {
    return !this.box.hidden;
  };

  Completion.prototype.onKey = function (event) {
    if (event.isComposing) {
      return;
    }
    if (event.key === " " && event.ctrlKey) {
      event.preventDefault();
      this.ask(true);
      return;
    }
    if (!this.isOpen()) {
      if (/^(Arrow|Page|Home|End)/.test(event.key)) {
        this.close(); // the list under way is for a place that the caret leaves
      }
      return;
    }
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.choose(this.active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      event.preventDefault();
      this.choose(Math.max(0, Math.min(
        this.items.length - 1, this.active + (event.key === "PageDown" ? 8 : -8))));
    } else if (event.key === "Enter" && this.active >= 0) {
      event.preventDefault();
      this.take(this.active);
    } else if (/^(Enter|Tab|Arrow(Left|Right)|Home|End)$/.test(event.key)) {
      this.close();
    }
  };

  Completion.prototype.onInput = function (event) {
    clearTimeout(this.timer);
    if (event.inputType === "insertText" || (this.isOpen() && /^delete/.test(event.inputType))) {
      if (this.isOpen() || isStatement(this.editor.lineText())) {
        this.timer = setTimeout(this.ask.bind(this, false), DELAY);
      }
    } else {
      this.close();
    }
  };

  function isStatement(line) {
    return /^\s*(?:[-*+]|\d+[.)])\s/.test(line);
  }

  Completion.prototype.ask = async function (explicit) {
    clearTimeout(this.timer); // what is asked for by hand is not to be overtaken
    this.asked += 1;
    var asked = this.asked;
    var caret = this.editor.caret();
    try {
      var answer = await bylaw.ask("/api/complete", {
        path: this.editor.path(),
        text: this.editor.source.value,
        line: caret.line,
        character: caret.character,
      });
      var now = this.editor.caret();
      if (asked !== this.asked || now.offset !== caret.offset || !this.editor.hasFocus()) {
        return;
      }
      this.show(answer.items.slice(0, MOST), caret, explicit);
    } catch (_) {
      this.close();
    }
  };

  Completion.prototype.show = function (items, caret, explicit) {
    var line = this.editor.lineText();
    var open = this.isOpen();
    var worth = items.filter(function (item) {
      var typed = line.slice(item.start[1], caret.character);
      // Where nothing of a word is written yet, a list that nobody asked for is in the way.
      var begun = explicit || open || typed.replace(/[`[]/g, "") !== "" || /[`[]$/.test(typed);
      return begun && item.insert !== line.slice(item.start[1], item.end[1]);
    });
    if (!worth.length) {
      this.close();
      if (explicit) {
        this.editor.tell(this.editor.isInStatement(caret.line) ? NOTHING : NOTHING + ELSEWHERE);
      }
      return;
    }
    this.items = worth;
    this.box.replaceChildren.apply(this.box, worth.map(option));
    this.box.hidden = false;
    this.editor.hint.hidden = true;
    this.place(worth[0].start);
    this.editor.source.setAttribute("aria-controls", this.box.id);
    this.active = -1;
    if (explicit) {
      this.choose(0);
    } else {
      this.mark();
    }
    var count = worth.length + (worth.length === 1 ? " completion" : " completions");
    bylaw.announce(count + (explicit ? "" : ", arrow down to choose"));
  };

  function option(item, index) {
    var element = document.createElement("div");
    element.className = "option";
    element.id = "bylaw_completion_" + index;
    element.dataset.kind = item.kind;
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    var label = document.createElement("span");
    label.className = "option-label";
    label.textContent = item.label;
    element.append(label);
    [["option-detail", item.detail], ["option-kind", item.kind]].forEach(function (part) {
      if (part[1]) {
        var more = document.createElement("span");
        more.className = part[0];
        more.textContent = part[1];
        element.append(" ", more);
      }
    });
    return element;
  }

  Completion.prototype.place = function (start) {
    var at = this.editor.mirror.placeOf(start[0], start[1]);
    var field = this.editor.root;
    var width = this.box.offsetWidth;
    var left = Math.max(0, Math.min(at.left, field.clientWidth - width - 4));
    this.box.style.left = left + "px";
    var top = this.editor.besideLine(at.top, at.top + at.height, this.box.offsetHeight);
    this.box.style.top = top + "px";
  };

  Completion.prototype.choose = function (index) {
    var count = this.items.length;
    this.active = index < 0 ? count - 1 : index % count;
    this.mark();
    var element = this.box.children[this.active];
    element.scrollIntoView({ block: "nearest" });
  };

  Completion.prototype.mark = function () {
    Array.from(this.box.children).forEach(function (element, index) {
      element.setAttribute("aria-selected", String(index === this.active));
    }, this);
    if (this.active >= 0) {
      this.editor.source.setAttribute("aria-activedescendant", "bylaw_completion_" + this.active);
    } else {
      this.editor.source.removeAttribute("aria-activedescendant");
    }
  };

  Completion.prototype.onPress = function (event) {
    var element = event.target.closest(".option");
    event.preventDefault(); // the text keeps the focus
    if (element) {
      this.take(Array.from(this.box.children).indexOf(element));
    }
  };

  Completion.prototype.take = function (index) {
    var item = this.items[index];
    this.close();
    this.editor.replace(item.start, item.end, item.insert);
  };

  Completion.prototype.close = function () {
    this.asked += 1;
    clearTimeout(this.timer);
    this.box.hidden = true;
    this.items = [];
    this.active = -1;
    this.editor.source.removeAttribute("aria-activedescendant");
    this.editor.source.removeAttribute("aria-controls");
  };

  window.BylawCompletion = Completion;
})();
