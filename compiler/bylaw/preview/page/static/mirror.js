/* The layer below the editor's text: the same lines with the same metrics, in which states stand
   in the margin, diagnostics are underlined, and their messages stand behind the line. */
(function () {
  "use strict";

  var PLAIN = { state: "", within: false, about: "", squiggles: [], messages: [] };

  /** Keep the lines of `mirror` as those of `source`, a textarea that lies over it. */
  function Mirror(mirror, source) {
    this.mirror = mirror;
    this.source = source;
    this.lines = [];
    this.marks = [];
    this.elements = [];
    this.update();
  }

  /** Take over the text; marks stay on lines that stay. */
  Mirror.prototype.update = function () {
    var now = this.source.value.split("\n");
    var before = this.lines;
    var first = 0;
    while (first < now.length && first < before.length && now[first] === before[first]) {
      first += 1;
    }
    var last = 0;
    while (
      last < now.length - first && last < before.length - first &&
      now[now.length - 1 - last] === before[before.length - 1 - last]
    ) {
      last += 1;
    }
    var gone = before.length - first - last;
    var come = now.slice(first, now.length - last);
    var marks = come.map(function (text, index) {
      return index < gone ? moved(this.marks[first + index], before[first + index], text) : PLAIN;
    }, this);
    var next = this.elements[first + gone] || null;
    this.elements.splice(first, gone).forEach(function (element) {
      element.remove();
    });
    var elements = come.map(function () {
      var element = document.createElement("div");
      element.className = "mirror-line";
      this.mirror.insertBefore(element, next);
      return element;
    }, this);
    splice(this.elements, first, 0, elements);
    splice(this.marks, first, gone, marks);
    this.lines = now;
    come.forEach(function (_, index) {
      this.draw(first + index);
    }, this);
  };

  // `splice(...items)` of a very long text would be more arguments than a call takes.
  function splice(list, start, count, items) {
    var tail = list.splice(start).slice(count);
    items.concat(tail).forEach(function (each) {
      list.push(each);
    });
  }

  /** Return the marks of a line whose text has become another. */
  function moved(mark, before, now) {
    if (!mark.squiggles.length) {
      return Object.assign({}, mark, { messages: [] });
    }
    var start = 0;
    while (start < before.length && start < now.length && before[start] === now[start]) {
      start += 1;
    }
    var longer = now.length - before.length;
    var place = function (character) {
      return Math.max(0, Math.min(now.length, character > start ? character + longer : character));
    };
    var squiggles = mark.squiggles.map(function (each) {
      return Object.assign({}, each, { from: place(each.from), to: place(each.to) });
    });
    return Object.assign({}, mark, { squiggles: squiggles });
  }

  /** Show what the compiler says of the text that is there now. */
  Mirror.prototype.decorate = function (statements, problems) {
    var marks = this.lines.map(function () {
      return null;
    });
    var at = function (line) {
      marks[line] = marks[line] || {
        state: "", within: false, about: "", squiggles: [], messages: [],
      };
      return marks[line];
    };
    statements.forEach(function (each) {
      for (var line = each.start[0]; line <= each.end[0] && line < marks.length; line += 1) {
        var mark = at(line);
        mark.about = (each.about || []).join(" ");
        mark.state = each.state;
        mark.within = line > each.start[0];
      }
    });
    var lines = this.lines;
    problems.forEach(function (each) {
      if (!each.start || each.start[0] >= marks.length) {
        return;
      }
      var last = Math.min(each.end[0], marks.length - 1);
      for (var line = each.start[0]; line <= last; line += 1) {
        var from = line === each.start[0] ? each.start[1] : lines[line].search(/\S|$/);
        var to = line === each.end[0] ? each.end[1] : lines[line].length;
        at(line).squiggles.push({ from: from, to: to, severity: each.severity });
      }
      at(last).messages.push({ severity: each.severity, text: words(each) });
    });
    marks.forEach(function (mark, line) {
      var fresh = mark || PLAIN;
      if (JSON.stringify(this.marks[line]) !== JSON.stringify(fresh)) {
        this.marks[line] = fresh;
        this.draw(line);
      }
    }, this);
    this.fit();
  };

  function words(problem) {
    return problem.short || problem.message + (problem.note ? ": " + problem.note : "");
  }

  Mirror.prototype.draw = function (line) {
    var element = this.elements[line];
    var mark = this.marks[line];
    var text = this.lines[line];
    setOrDrop(element, "data-state", mark.state);
    setOrDrop(element, "data-within", mark.within ? "yes" : "");
    setOrDrop(element, "data-about", mark.about);
    setOrDrop(element, "data-severity", worst(mark.squiggles));
    if (!mark.squiggles.length && !mark.messages.length) {
      element.textContent = text;
      return;
    }
    element.replaceChildren.apply(element, pieces(text, mark.squiggles));
    if (mark.messages.length) {
      element.append(message(mark.messages));
    }
  };

  function setOrDrop(element, name, value) {
    if (value) {
      element.setAttribute(name, value);
    } else {
      element.removeAttribute(name);
    }
  }

  function worst(squiggles) {
    return ["error", "warning", "note"].find(function (severity) {
      return squiggles.some(function (each) {
        return each.severity === severity;
      });
    }) || "";
  }

  /** Return a line's text in pieces, those underlined that a diagnostic is about. */
  function pieces(text, squiggles) {
    var cuts = new Set([0, text.length]);
    squiggles.forEach(function (each) {
      cuts.add(Math.min(each.from, text.length));
      cuts.add(Math.min(each.to, text.length));
    });
    var places = Array.from(cuts).sort(function (one, other) {
      return one - other;
    });
    var found = [];
    places.forEach(function (start, index) {
      var empty = squiggles.filter(function (each) {
        return each.from === each.to && Math.min(each.from, text.length) === start;
      });
      if (empty.length) {
        found.push(piece("", worst(empty), "squiggle is-empty"));
      }
      if (index + 1 < places.length) {
        var end = places[index + 1];
        var over = squiggles.filter(function (each) {
          return each.from <= start && each.to >= end;
        });
        var part = text.slice(start, end);
        found.push(over.length ? piece(part, worst(over), "squiggle") : part);
      }
    });
    return found;
  }

  function piece(text, severity, name) {
    var element = document.createElement("span");
    element.className = name;
    element.dataset.severity = severity;
    element.textContent = text;
    return element;
  }

  function message(messages) {
    var first = messages.find(function (each) {
      return each.severity === "error";
    }) || messages[0];
    var more = messages.length > 1 ? " (and " + (messages.length - 1) + " more)" : "";
    return piece(first.text + more, first.severity, "message");
  }

  /** Put each message behind its line, or below where that is too narrow and the line free.

      Where there is room for neither a sign stands at the line's end, and the hint says the rest. */
  Mirror.prototype.fit = function () {
    var right = this.mirror.clientWidth;
    this.mirror.querySelectorAll(".message").forEach(function (each) {
      each.classList.remove("is-below", "is-sign");
      each.style.maxWidth = "";
      each.style.left = "";
      var left = each.offsetLeft;
      var room = right - left - 12;
      if (room >= Math.min(each.scrollWidth, 160)) {
        each.style.maxWidth = room + "px";
        return;
      }
      var line = each.parentElement;
      var next = line.nextElementSibling;
      if (!next || next.textContent.trim() !== "") {
        each.classList.add("is-sign");
        each.style.left = Math.min(left + 6, right - 15) + "px";
        return;
      }
      each.classList.add("is-below");
      var squiggles = line.querySelectorAll(".squiggle");
      var last = squiggles.length ? squiggles[squiggles.length - 1].offsetLeft : 0;
      var text = parseFloat(getComputedStyle(line).paddingLeft);
      var start = Math.max(text, Math.min(last, right / 2));
      each.style.left = start + "px";
      each.style.maxWidth = right - start - 12 + "px";
    });
  };

  /** Whether the message of a line can be read where it stands. */
  Mirror.prototype.isToldAt = function (line) {
    var told = this.elements[line] && this.elements[line].querySelector(".message");
    return Boolean(told) && !told.classList.contains("is-sign") && told.scrollWidth <= told.clientWidth;
  };

  /** Return where a place of the text is, from the mirror's own corner. */
  Mirror.prototype.placeOf = function (line, character) {
    var element = this.elements[Math.min(line, this.elements.length - 1)];
    var range = document.createRange();
    var left = character;
    var walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    range.selectNodeContents(element);
    range.collapse(true);
    for (var node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node.parentElement.closest(".message")) {
        continue;
      }
      if (left <= node.length) {
        range.setStart(node, left);
        range.collapse(true);
        break;
      }
      left -= node.length;
    }
    var rectangles = range.getClientRects();
    var box = rectangles.length ? rectangles[rectangles.length - 1] : element.getBoundingClientRect();
    var origin = this.mirror.getBoundingClientRect();
    var height = parseFloat(getComputedStyle(element).lineHeight);
    var style = getComputedStyle(element);
    var x = rectangles.length ? box.left : box.left + parseFloat(style.paddingLeft);
    return { left: x - origin.left, top: box.top - origin.top, height: height };
  };

  /** Return the line that is shown at a height of the window. */
  Mirror.prototype.lineAt = function (y) {
    var low = 0;
    var high = this.elements.length - 1;
    while (low < high) {
      var middle = (low + high + 1) >> 1;
      if (this.elements[middle].getBoundingClientRect().top <= y) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  };

  /** Tell the line of the caret apart. */
  Mirror.prototype.setCurrent = function (line) {
    var element = this.elements[line] || null;
    if (this.current !== element) {
      if (this.current) {
        this.current.classList.remove("is-current");
      }
      if (element) {
        element.classList.add("is-current");
      }
      this.current = element;
    }
  };

  window.BylawMirror = Mirror;
})();
