/* What a decision would break: asked for as a job, and drilled into without a new page. */
(function () {
  "use strict";

  var SLOW = 300; // milliseconds after which we say that we wait
  var POLL = 2000; // milliseconds after which we ask, should an event be lost
  var REST = 700; // milliseconds that a text has to rest before its impact is measured
  var SETTLE = 400; // milliseconds after a change on disk: more of them may follow
  var STAGES = {
    "": "waiting",
    read: "reading the decisions",
    compile: "compiling decisions",
    check: "judging files",
    count: "counting",
  };

  /**
   * A measurement: begun with an ask, heard of by events, overtaken where a newer one begins.
   *
   * `id` is that of the ask under way, `result` that of the last one that was answered.
   */
  function Job(told) {
    this.told = told;
    this.id = null;
    this.result = null;
    this.timer = 0;
    this.next = null; // an ask that waits until the server has taken the one before
    this.isAsking = false;
    this.isRunning = false;
    this.key = Math.random().toString(36).slice(2);
    bylaw.on("impact", this.hear.bind(this));
    bylaw.on("ready", this.poll.bind(this));
  }

  Job.prototype.begin = async function (ask) {
    this.next = ask;
    if (this.isAsking) {
      return; // two asks on their way at once may arrive in another order
    }
    this.isAsking = true;
    clearTimeout(this.timer);
    this.isRunning = true;
    this.told({ state: "running", stage: "", done: 0, total: 0 });
    try {
      while (this.next) {
        this.id = null;
        var body = Object.assign({ key: this.key, constraint: null }, this.next);
        this.next = null;
        this.id = (await bylaw.ask("/api/impact", body)).job;
      }
      this.poll();
    } catch (fault) {
      this.isRunning = false;
      this.told({ state: "failed", why: fault.message });
    } finally {
      this.isAsking = false;
    }
  };

  Job.prototype.hear = function (detail) {
    if (this.isRunning && detail.job === this.id) {
      this.pollLater();
      this.tell(detail);
    }
  };

  Job.prototype.tell = function (detail) {
    if (detail.state !== "running") {
      clearTimeout(this.timer);
      this.isRunning = false;
    }
    if (detail.state === "done") {
      this.result = this.id;
    }
    this.told(detail);
  };

  Job.prototype.pollLater = function () {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.poll.bind(this), POLL);
  };

  /** Ask how far it is: an event may have come before we knew the job's name, or not at all. */
  Job.prototype.poll = async function () {
    var id = this.id;
    if (id === null || !this.isRunning) {
      return;
    }
    this.pollLater();
    try {
      var answer = await this.look(id, { part: "impact_summary", count: 1 });
      if (id === this.id && this.isRunning) {
        this.tell(answer);
      }
    } catch (_) {
      // The next time, then.
    }
  };

  Job.prototype.look = function (id, query, options) {
    return bylaw.ask("/api/impact/" + id + "?" + new URLSearchParams(query), null, options);
  };

  Job.prototype.cancel = function () {
    if (this.id !== null && this.isRunning) {
      bylaw.ask("/api/impact/" + this.id + "/cancel", {}).catch(function () {
        // It is over, then.
      });
    }
  };

  /* --- the page of an impact ---------------------------------------------------------------- */

  function Page(root) {
    this.root = root;
    this.wait = build("div", "impact-wait");
    this.body = build("div", "impact-body");
    this.bar = build("progress", "");
    this.words = build("span", "");
    this.words.setAttribute("role", "status");
    this.button = build("button", "");
    this.button.type = "button";
    this.bar.setAttribute("aria-label", "Judging the tree");
    this.wait.append(this.bar, this.words, this.button);
    this.wait.hidden = true;
    root.replaceChildren(this.wait, this.body);
    this.job = new Job(this.told.bind(this));
    this.asking = null;
    this.listen();
    this.measure();
  }

  Page.prototype.listen = function () {
    var page = this;
    this.button.addEventListener("click", function () {
      if (page.state === "running") {
        page.job.cancel();
      } else {
        page.measure();
      }
    });
    this.body.addEventListener("click", function (event) {
      var link = event.target.closest("a[data-impact]");
      var plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
      if (link && plain) {
        event.preventDefault();
        history.pushState(null, "", link.getAttribute("href"));
        page.show(link.rel ? "impact-rows" : "");
      }
    });
    window.addEventListener("popstate", function () {
      page.show("");
    });
    ["changed", "tree"].forEach(function (name) {
      bylaw.on(name, function () {
        clearTimeout(page.settling);
        page.settling = setTimeout(page.measure.bind(page), SETTLE);
      });
    });
  };

  Page.prototype.measure = function () {
    var path = this.root.dataset.path;
    this.job.begin({ path: path, text: bylaw.draft(path) });
  };

  Page.prototype.told = function (detail) {
    var page = this;
    this.state = detail.state;
    clearTimeout(this.slow);
    if (detail.state === "done") {
      this.wait.hidden = true;
      this.show("");
    } else if (detail.state === "running") {
      this.detail = detail;
      this.slow = setTimeout(this.showWait.bind(this), this.wait.hidden ? SLOW : 0);
    } else if (detail.state === "failed" || detail.state === "superseded") {
      this.wait.hidden = false;
      this.bar.hidden = true;
      this.words.textContent = "Not measured: " + (detail.why || "a newer look has begun") + ".";
      page.button.textContent = "Measure again";
      this.body.classList.toggle("impact-stale", Boolean(this.body.firstChild));
    }
  };

  Page.prototype.showWait = function () {
    var detail = this.detail;
    this.wait.hidden = false;
    this.bar.hidden = false;
    if (detail.total) {
      this.bar.max = detail.total;
      this.bar.value = detail.done;
    } else {
      this.bar.removeAttribute("value");
    }
    var stage = STAGES[detail.stage] || detail.stage;
    this.words.textContent = detail.total
      ? stage + ": " + detail.done.toLocaleString("en") + " of " + detail.total.toLocaleString("en")
      : stage;
    this.button.textContent = "Cancel";
    this.body.classList.toggle("impact-stale", Boolean(this.body.firstChild));
  };

  /** Show what the address asks for of the result. */
  Page.prototype.show = async function (focus) {
    if (this.job.result === null) {
      return; // what the address asks for is shown once it is there
    }
    if (this.asking) {
      this.asking.abort();
    }
    var asking = (this.asking = new AbortController());
    var query = {};
    new URLSearchParams(location.search).forEach(function (value, name) {
      query[name] = value;
    });
    try {
      var answer = await this.job.look(this.job.result, query, { signal: asking.signal });
      if (answer.html === undefined) {
        this.told(answer);
        return;
      }
      this.body.classList.remove("impact-stale");
      bylaw.swap(this.body, answer.html);
      this.point(focus);
      bylaw.announce(answer.violations.toLocaleString("en") + " violations");
    } catch (fault) {
      if (fault.status === 404) {
        this.measure(); // the server has forgotten the job
      } else if (fault.name !== "AbortError") {
        this.told({ state: "failed", why: fault.message });
      }
    } finally {
      if (this.asking === asking) {
        this.asking = null;
      }
    }
  };

  Page.prototype.point = function (focus) {
    var there = focus && document.getElementById(focus);
    if (there) {
      there.focus({ preventScroll: true });
      there.scrollIntoView({ block: "start" });
    }
  };

  function build(name, className) {
    var element = document.createElement(name);
    element.className = className;
    return element;
  }

  /* --- one line of it, in the workbench ----------------------------------------------------- */

  /** Keep an element filled with the impact, in one line, of the text that is being written. */
  function Summary(element) {
    this.element = element;
    this.timer = 0;
    this.job = new Job(this.told.bind(this));
  }

  Summary.prototype.soon = function (path, text) {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.job.begin.bind(this.job, { path: path, text: text }), REST);
  };

  Summary.prototype.told = async function (detail) {
    var element = this.element;
    element.dataset.impact = detail.state;
    if (detail.state === "failed") {
      element.textContent = "Impact not measured: " + detail.why + ".";
    } else if (detail.state === "running" && !element.firstChild) {
      element.textContent = "Measuring the impact";
    } else if (detail.state === "done") {
      try {
        var answer = await this.job.look(this.job.result, { part: "impact_summary", count: 1 });
        if (answer.html !== undefined) {
          bylaw.swap(element, answer.html);
        }
      } catch (_) {
        // The next text will be measured again.
      }
    }
  };

  window.BylawImpactSummary = Summary;

  var root = document.getElementById("impact");
  if (root && window.bylaw) {
    new Page(root);
  }
})();
