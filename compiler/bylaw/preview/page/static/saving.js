/* What is on disk and what is not: saved, unsaved, in conflict. Nothing is written unasked. */
(function () {
  "use strict";

  var NEW = " new"; // the draft that names the file of a new decision
  var WORDS = {
    yes: "saved",
    no: "unsaved",
    new: "not saved yet",
    saving: "saving",
    conflict: "conflict: changed on disk",
  };

  /** Keep track of the file that `bench`, the workbench, has in hand. */
  function Saving(bench) {
    this.bench = bench;
    this.digest = bench.root.dataset.digest || null;
    // The text with that digest; the field may hold another one that was typed while we loaded.
    this.base = bench.editor.source.defaultValue;
    this.theirs = null; // the text on disk while it is in conflict with ours
    this.gone = false; // there was a file, and now there is none
    this.busy = false;
    this.leaving = false;
    this.failing = ""; // what of the text that was saved will fail, in words
    this.button = document.getElementById("save");
    this.mark = document.getElementById("saved");
    this.notice = document.getElementById("notice");
    this.listen();
    this.show();
  }

  Saving.prototype.listen = function () {
    var saving = this;
    this.button.addEventListener("click", function () {
      saving.save();
    });
    document.addEventListener("keydown", function (event) {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "s") {
        event.preventDefault();
        saving.save();
      }
    });
    window.addEventListener("beforeunload", function (event) {
      if (saving.isOnlyHere() && !saving.leaving) {
        event.preventDefault();
      }
    });
    // The impact of this decision is that of the unsaved text, which waits in this tab meanwhile.
    document.addEventListener("click", function (event) {
      var link = event.target.closest('a[href^="/impact/"]');
      var plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
      saving.leaving = Boolean(link && plain);
    });
    window.addEventListener("pagehide", function () {
      saving.keep();
    });
  };

  Saving.prototype.isDirty = function () {
    return this.bench.editor.source.value !== this.base;
  };

  /** Whether nobody has this text but this page. */
  Saving.prototype.isOnlyHere = function () {
    return this.gone || this.isDirty();
  };

  Saving.prototype.show = function () {
    var dirty = this.isDirty();
    var state = this.busy ? "saving" : this.theirs !== null ? "conflict" : dirty ? "no" : "yes";
    if (this.digest === null && !this.busy && this.theirs === null) {
      state = "new";
    }
    var words = WORDS[state] + (state === "yes" ? this.failing : "");
    if (this.mark.dataset.saved !== state || this.mark.textContent !== words) {
      this.mark.dataset.saved = state;
      this.mark.textContent = words;
    }
    this.button.disabled = this.busy || (state === "yes") || this.bench.isReadOnly;
  };

  /** Note that the text has changed. */
  Saving.prototype.changed = function () {
    this.failing = "";
    this.show();
    clearTimeout(this.timer);
    this.timer = setTimeout(this.keep.bind(this), 300);
  };

  Saving.prototype.keep = function () {
    clearTimeout(this.timer);
    var text = this.isOnlyHere() ? this.bench.editor.source.value : null;
    var path = this.bench.path();
    if (this.keptPath && this.keptPath !== path) {
      bylaw.keepDraft(this.keptPath, null); // a new file that has got another name
    }
    this.keptPath = path;
    bylaw.keepDraft(path, text, this.digest, this.leaving);
    if (this.bench.newPath) {
      bylaw.keepDraft(NEW, text && path, null);
    }
  };

  /** Take a text left in this tab by an earlier visit. */
  Saving.prototype.restore = function () {
    this.findNew();
    var kept = bylaw.draftWithDigest(this.bench.path());
    if (!kept || kept.text === this.base) {
      bylaw.keepDraft(this.bench.path(), null);
      return false;
    }
    this.bench.editor.setText(kept.text);
    this.show();
    if (kept.digest !== this.digest) {
      var digest = this.digest;
      this.digest = kept.digest; // of what the text was made from
      this.conflict(this.base, digest);
    } else if (!kept.leaving) {
      this.say("unsaved", "What you had not saved is back.", [
        ["Keep writing", this.quiet.bind(this)],
        ["Discard it", this.discard.bind(this)],
      ]);
    }
    return true;
  };

  /** Name a new file as it was named when this tab left it. */
  Saving.prototype.findNew = function () {
    var path = this.bench.newPath && bylaw.draft(NEW);
    if (path && bylaw.draft(path)) {
      this.bench.newPath.value = path;
      this.keptPath = path;
    }
  };

  Saving.prototype.discard = function () {
    this.bench.editor.setText(this.base);
    this.quiet();
    this.changed();
    this.bench.ask();
  };

  /* --- saving ----------------------------------------------------------------------------- */

  Saving.prototype.save = async function () {
    if (this.button.disabled) {
      return;
    }
    this.busy = true;
    this.show();
    var text = this.bench.editor.source.value;
    var path = this.bench.path();
    try {
      // Asked first, so that a conflict is seen without an attempt that must fail.
      var now = await bylaw.ask("/api/preview", { path: path, text: text, seq: 0 });
      if (now.digest !== this.digest) {
        await this.fetchConflict();
        return;
      }
      var request = { path: path, text: text, digest: this.digest };
      var answer = await bylaw.ask("/api/save", request);
      var fresh = this.digest === null;
      this.digest = answer.digest;
      this.base = text;
      this.theirs = null;
      this.gone = false;
      this.failing = failing(now.diagnostics);
      this.quiet();
      bylaw.announce("saved" + this.failing);
      if (fresh) {
        await this.open(path);
      }
    } catch (fault) {
      if (fault.status === 409) {
        await this.fetchConflict();
      } else {
        this.say("not-saved", "Not saved: " + fault.message + ".", []);
      }
    } finally {
      this.busy = false;
      this.show();
      this.keep();
    }
  };

  function failing(diagnostics) {
    var count = diagnostics.filter(function (each) {
      return each.severity === "error";
    }).length;
    return count ? "; " + count + (count === 1 ? " error" : " errors") + ": `bylaw build` will fail" : "";
  }

  /** Go to the page of a decision that has become a file. */
  Saving.prototype.open = async function (path) {
    bylaw.keepDraft(path, null);
    bylaw.keepDraft(NEW, null);
    for (var tries = 0; tries < 20; tries += 1) {
      var answer = await bylaw.ask("/api/list?" + new URLSearchParams({ q: path, count: 20 }));
      var row = answer.rows.find(function (each) {
        return each.path === path;
      });
      if (row) {
        location.replace(row.href);
        return;
      }
      await new Promise(function (done) {
        setTimeout(done, 150);
      });
    }
  };

  /* --- what happens on disk --------------------------------------------------------------- */

  /** Compare what the server says of the file on disk with what we believe. */
  Saving.prototype.seen = function (digest) {
    if (this.busy || (this.theirs !== null && digest === this.theirDigest)) {
      return;
    }
    if (digest === this.digest) {
      if (this.theirs !== null || this.notice.dataset.kind === "no-text") {
        this.theirs = null; // what was there in between is gone again
        this.quiet();
        this.show();
      }
      return;
    }
    if (digest === null) {
      this.digest = null;
      this.theirs = null;
      this.gone = true;
      this.show();
      this.say("deleted", "This file is no longer on disk. Saving writes it anew.", []);
    } else {
      this.fetchDisk();
    }
  };

  /** Take over what is on disk, or ask which text shall stay. */
  Saving.prototype.fetchDisk = async function () {
    var page = await this.bench.fetchPage();
    if (!page || page.digest === this.digest) {
      return;
    }
    if (!page.isText) {
      this.sayNoText();
      return;
    }
    if (this.bench.isReadOnly) {
      location.reload(); // what could not be written can be now
      return;
    }
    if (this.isDirty() && this.bench.editor.source.value !== page.text) {
      this.conflict(page.text, page.digest);
      return;
    }
    this.digest = page.digest;
    this.base = page.text;
    this.theirs = null;
    this.gone = false;
    this.bench.editor.setText(page.text);
    this.quiet();
    this.show();
    this.keep();
    this.bench.ask();
    bylaw.announce("the file has changed on disk, and is shown as it is now");
  };

  Saving.prototype.fetchConflict = async function () {
    this.busy = false;
    var page = await this.bench.fetchPage();
    if (page && !page.isText) {
      this.sayNoText();
    } else if (page) {
      this.conflict(page.text, page.digest);
    } else {
      this.say("not-saved", "Not saved: a file of this name is in the way.", []);
    }
  };

  Saving.prototype.sayNoText = function () {
    this.say("no-text", "The file on disk is no UTF-8 text now. Nothing is written over it.", []);
  };

  Saving.prototype.conflict = function (text, digest) {
    this.theirs = text;
    this.theirDigest = digest;
    this.gone = false;
    this.show();
    var words = "The file has changed on disk, and you have changed it here. Nothing was written.";
    this.say("conflict", words, [
      ["Reload from disk", this.reload.bind(this)],
      ["Keep mine", this.keepMine.bind(this)],
    ]);
    var ours = this.bench.editor.source.value;
    this.notice.append(
      window.bylawChanges.both(["On disk", "Here, unsaved"], [text, ours]));
  };

  Saving.prototype.reload = function () {
    this.digest = this.theirDigest;
    this.base = this.theirs;
    this.theirs = null;
    this.discard();
  };

  Saving.prototype.keepMine = function () {
    this.digest = this.theirDigest;
    this.base = this.theirs;
    this.theirs = null;
    this.quiet();
    this.changed();
    bylaw.announce("your text stays; saving replaces what is on disk");
  };

  /* --- notices ---------------------------------------------------------------------------- */

  /** Say something above the text, with buttons for what can be done about it. */
  Saving.prototype.say = function (kind, words, deeds) {
    var row = document.createElement("div");
    row.className = "notice-row";
    var text = document.createElement("p");
    text.textContent = words;
    var buttons = document.createElement("div");
    buttons.className = "notice-deeds";
    (deeds.length ? deeds : [["Close", this.quiet.bind(this)]]).forEach(function (deed) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = deed[0];
      button.addEventListener("click", deed[1]);
      buttons.append(button);
    });
    row.append(text, buttons);
    this.notice.dataset.kind = kind;
    this.notice.replaceChildren(row);
    this.notice.hidden = false;
    bylaw.announce(words);
  };

  Saving.prototype.quiet = function () {
    var held = this.notice.contains(document.activeElement);
    this.notice.hidden = true;
    this.notice.replaceChildren();
    if (this.theirs !== null) {
      this.conflict(this.theirs, this.theirDigest); // what stood in front of it is settled
    }
    if (held) {
      this.bench.focus();
    }
  };

  window.BylawSaving = Saving;
})();
