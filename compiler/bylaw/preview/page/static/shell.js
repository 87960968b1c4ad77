/* What every live page shares: asking the server, hearing from it, theme, progress. */
(function () {
  "use strict";

  var listeners = {};
  var drafts = "bylaw-draft:";

  /* --- asking ----------------------------------------------------------------------------- */

  /** Ask the server; with a body it is a POST. Fails with an error that has `status`. */
  async function ask(address, body, options) {
    var request = Object.assign({ headers: { Accept: "application/json" } }, options || {});
    if (body !== undefined && body !== null) {
      request.method = "POST";
      request.headers = { Accept: "application/json", "Content-Type": "application/json" };
      request.body = JSON.stringify(body);
    }
    var response;
    try {
      response = await fetch(address, request);
    } catch (fault) {
      throw fault.name === "AbortError" ? fault : new Error("the server does not answer");
    }
    var answer = null;
    try {
      answer = await response.json();
    } catch (fault) {
      if (fault.name === "AbortError") {
        throw fault;
      }
    }
    if (!response.ok) {
      var words = answer && answer.error ? answer.error : "the server answered " + response.status;
      throw Object.assign(new Error(words), { status: response.status, answer: answer });
    }
    connect(); // a server that had ended may be back, and another tab may know its token
    return answer;
  }

  /* --- hearing ---------------------------------------------------------------------------- */

  /** Call a function with what the server says of an event. */
  function on(event, listener) {
    (listeners[event] = listeners[event] || []).push(listener);
  }

  function tell(event, detail) {
    (listeners[event] || []).forEach(function (listener) {
      listener(detail);
    });
  }

  var stream = null;
  var EVENTS = ["ready", "changed", "tree", "progress", "impact"];

  function connect() {
    if (stream || document.hidden) {
      return;
    }
    stream = new EventSource("/api/events");
    stream.onopen = function () {
      setConnection("live", "live");
    };
    stream.onerror = function () {
      setConnection("lost", "not connected");
      if (stream && stream.readyState === EventSource.CLOSED) {
        // A server that has ended and is started again has another token: nothing to wait for.
        disconnect();
        setConnection("lost", "server has ended");
      }
    };
    EVENTS.forEach(function (name) {
      stream.addEventListener(name, function (event) {
        tell(name, JSON.parse(event.data));
      });
    });
  }

  function disconnect() {
    if (stream) {
      stream.close();
      stream = null;
    }
  }

  function setConnection(state, words) {
    var mark = document.getElementById("connection");
    if (mark && mark.dataset.connection !== state + words) {
      mark.dataset.connection = state + words;
      mark.dataset.state = state;
      mark.querySelector(".connection-word").textContent = words;
    }
  }

  // A browser keeps six connections to one host: a page that nobody sees gives its own back.
  document.addEventListener("visibilitychange", function () {
    if (document.hidden) {
      disconnect();
    } else {
      connect();
    }
  });
  window.addEventListener("pagehide", disconnect);
  window.addEventListener("pageshow", connect);

  /* --- progress --------------------------------------------------------------------------- */

  var progressTimer = 0;

  function showProgress(detail) {
    var box = document.getElementById("progress");
    var bar = document.getElementById("progress-bar");
    var what = document.getElementById("progress-what");
    clearTimeout(progressTimer);
    if (!box || (detail.total && detail.done >= detail.total)) {
      hideProgress();
      return;
    }
    box.hidden = false;
    if (detail.total) {
      bar.max = detail.total;
      bar.value = detail.done;
    } else {
      bar.removeAttribute("value");
    }
    var share = detail.total
      ? " " + detail.done.toLocaleString("en") + " of " + detail.total.toLocaleString("en")
      : "";
    what.textContent = detail.what + share;
    // What has fallen silent is over, or a new word of it is shown at once.
    progressTimer = setTimeout(hideProgress, 30000);
  }

  function hideProgress() {
    var box = document.getElementById("progress");
    if (box) {
      box.hidden = true;
    }
  }

  on("progress", showProgress);
  on("ready", hideProgress);

  /* --- fragments -------------------------------------------------------------------------- */

  var seen = new WeakMap();

  // To ask each element where it stands takes seconds where there are hundreds of thousands.
  var moved = new Set();
  document.addEventListener("scroll", function (event) {
    moved.add(event.target);
  }, { capture: true, passive: true });

  /** Put another rendering in the place of what an element holds; says whether it is another. */
  function swap(element, html) {
    if (!element || seen.get(element) === html) {
      return false;
    }
    var first = !seen.has(element);
    seen.set(element, html);
    var fresh = document.createElement("template");
    fresh.innerHTML = html;
    if (first && sameMarkup(element, fresh.content)) {
      return false;
    }
    var kept = remember(element);
    element.replaceChildren(fresh.content);
    // Those who watch for new nodes, as tabs do, come first: what is hidden cannot be scrolled.
    queueMicrotask(function () {
      restore(element, kept);
    });
    element.dispatchEvent(new CustomEvent("bylaw:filled", { bubbles: true }));
    return true;
  }

  function sameMarkup(element, fragment) {
    var holder = document.createElement("div");
    holder.append(fragment.cloneNode(true));
    return holder.innerHTML.trim() === element.innerHTML.trim();
  }

  /** Return what of an element's state a new rendering would lose: places, focus, what is open. */
  function remember(element) {
    var active = element.contains(document.activeElement) ? document.activeElement : null;
    moved.forEach(function (each) {
      if (!each.isConnected) {
        moved.delete(each);
      }
    });
    var scrolled = Array.from(moved).filter(function (each) {
      return element.contains(each) && (each.scrollTop || each.scrollLeft);
    });
    return {
      focus: active && pathTo(active, element),
      places: scrolled.map(function (each) {
        return [pathTo(each, element), each.scrollTop, each.scrollLeft];
      }),
      open: Array.from(element.querySelectorAll("details[open]")).map(function (each) {
        return pathTo(each, element);
      }),
    };
  }

  function restore(element, kept) {
    kept.open.forEach(function (path) {
      var there = path();
      if (there) {
        there.open = true;
      }
    });
    kept.places.forEach(function (place) {
      var there = place[0]();
      if (there) {
        there.scrollTop = place[1];
        there.scrollLeft = place[2];
      }
    });
    var focused = kept.focus && kept.focus();
    if (focused) {
      focused.focus({ preventScroll: true });
    }
  }

  /** Return how to find an element again: by its id or key, else by its class and number. */
  function pathTo(each, root) {
    if (each === root) {
      return function () {
        return root;
      };
    }
    var selector = each.id ? "#" + CSS.escape(each.id) : each.tagName;
    ["key", "code", "path", "target"].forEach(function (name) {
      if (!each.id && each.dataset && each.dataset[name]) {
        selector += "[data-" + name + '="' + CSS.escape(each.dataset[name]) + '"]';
      }
    });
    if (!each.id && typeof each.className === "string") {
      var words = Array.from(each.classList).filter(function (word) {
        return !word.startsWith("is-");
      });
      selector += words.map(function (word) {
        return "." + CSS.escape(word);
      }).join("");
    }
    var number = Array.from(root.querySelectorAll(selector)).indexOf(each);
    return function () {
      return root.querySelectorAll(selector)[number] || null;
    };
  }

  /* --- drafts ----------------------------------------------------------------------------- */

  /** Return the unsaved text of an ADR in this tab, or null. */
  function draft(path) {
    var kept = draftWithDigest(path);
    return kept && kept.text;
  }

  function draftWithDigest(path) {
    try {
      return JSON.parse(sessionStorage.getItem(drafts + path));
    } catch (_) {
      return null;
    }
  }

  /** Keep an unsaved text in this tab; `leaving` is whether it is left for its impact only. */
  function keepDraft(path, text, digest, leaving) {
    try {
      if (text === null) {
        sessionStorage.removeItem(drafts + path);
      } else {
        sessionStorage.setItem(drafts + path, JSON.stringify({ text: text, digest: digest, leaving: leaving }));
      }
    } catch (_) {
      // No room or no storage: the warning on leaving is what is left.
    }
  }

  /* --- words ------------------------------------------------------------------------------ */

  var voice = null;

  /** Have a screen reader say something when it has nothing else to say. */
  function announce(text) {
    if (!voice) {
      voice = document.createElement("p");
      voice.className = "unseen";
      voice.setAttribute("role", "status");
      document.body.append(voice);
    }
    voice.textContent = text;
  }

  /** Return what the address points at behind its `#`; nothing where that is no text. */
  function hash() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch (_) {
      return "";
    }
  }

  window.bylaw = {
    ask: ask,
    on: on,
    swap: swap,
    draft: draft,
    draftWithDigest: draftWithDigest,
    keepDraft: keepDraft,
    announce: announce,
    hash: hash,
  };
  connect();
})();
