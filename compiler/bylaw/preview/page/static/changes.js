/* Two texts side by side: which lines only one of them has. */
(function () {
  "use strict";

  var MOST = 4000000; // pairs of lines that are compared
  var AROUND = 2; // lines shown around those that differ

  /** Return the lines of both texts, each with whether it is changed. */
  function compare(one, other) {
    var left = one.split("\n");
    var right = other.split("\n");
    var first = 0;
    while (first < left.length && first < right.length && left[first] === right[first]) {
      first += 1;
    }
    var last = 0;
    while (
      last < left.length - first && last < right.length - first &&
      left[left.length - 1 - last] === right[right.length - 1 - last]
    ) {
      last += 1;
    }
    var kept = common(left.slice(first, left.length - last), right.slice(first, right.length - last));
    return [marked(left, first, last, kept[0]), marked(right, first, last, kept[1])];
  }

  function marked(lines, first, last, kept) {
    return lines.map(function (text, index) {
      var inside = index >= first && index < lines.length - last;
      return { text: text, number: index + 1, changed: inside && !kept.has(index - first) };
    });
  }

  /** Return the places of a longest common subsequence in both lists. */
  function common(left, right) {
    var kept = [new Set(), new Set()];
    if (!left.length || !right.length || left.length * right.length > MOST) {
      return kept;
    }
    var width = right.length + 1;
    var lengths = new Uint32Array((left.length + 1) * width);
    for (var i = left.length - 1; i >= 0; i -= 1) {
      for (var j = right.length - 1; j >= 0; j -= 1) {
        lengths[i * width + j] = left[i] === right[j]
          ? lengths[(i + 1) * width + j + 1] + 1
          : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
      }
    }
    var a = 0;
    var b = 0;
    while (a < left.length && b < right.length) {
      if (left[a] === right[b]) {
        kept[0].add(a);
        kept[1].add(b);
        a += 1;
        b += 1;
      } else if (lengths[(a + 1) * width + b] >= lengths[a * width + b + 1]) {
        a += 1;
      } else {
        b += 1;
      }
    }
    return kept;
  }

  /** Return an element that shows the lines of one side, those that both share left out. */
  function side(title, lines, tag) {
    var section = document.createElement("section");
    var heading = document.createElement("h3");
    heading.textContent = title;
    var pre = document.createElement("pre");
    pre.tabIndex = 0;
    pre.setAttribute("aria-label", title);
    var skipped = false;
    lines.forEach(function (line, index) {
      var near = lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(function (each) {
        return each.changed;
      });
      if (near) {
        var element = document.createElement(line.changed ? tag : "span");
        element.textContent = line.changed ? line.text : "  " + line.text + "\n";
        pre.append(element);
        skipped = false;
      } else if (!skipped) {
        pre.append("⋯\n");
        skipped = true;
      }
    });
    section.append(heading, pre);
    return section;
  }

  /** Return an element that shows two texts beside each other. */
  function both(titles, texts) {
    var sides = compare(texts[0], texts[1]);
    var element = document.createElement("div");
    element.className = "both";
    element.append(side(titles[0], sides[0], "del"), side(titles[1], sides[1], "ins"));
    return element;
  }

  window.bylawChanges = { compare: compare, both: both };
})();
