"use strict";
// Shows the answers a page at a time. Everything foreign goes through textContent, never through markup.
(() => {
  const PAGE = 25;
  const { language, samples } = JSON.parse(document.getElementById("samples").textContent);
  const byId = (id) => document.getElementById(id);
  const controls = ["q", "instruction", "verdict", "language"].map(byId);
  let shown = samples;
  let page = 0;

  for (const sample of samples) {
    const words = [sample.key, sample.prompt, sample.response, ...sample.verdicts.map((verdict) => verdict.found)];
    sample.haystack = words.join("\n").toLowerCase();
  }

  function matches(sample, wanted) {
    const verdicts = sample.verdicts.filter((verdict) => !wanted.instruction || verdict.id === wanted.instruction);
    return (
      verdicts.length > 0 &&
      (!wanted.q || String(sample.key) === wanted.q || sample.haystack.includes(wanted.q)) &&
      matchesVerdict(sample, verdicts, wanted.verdict) &&
      matchesLanguage(sample, wanted.language)
    );
  }

  function matchesVerdict(sample, verdicts, wanted) {
    const judged = sample.outcome === "answered" || sample.outcome === "truncated";
    switch (wanted) {
      case "followed": return judged && verdicts.every((verdict) => verdict.strict);
      case "broken": return judged && verdicts.some((verdict) => !verdict.strict);
      case "loose": return judged && verdicts.some((verdict) => verdict.loose && !verdict.strict);
      case "truncated": return sample.outcome === "truncated";
      case "unanswered": return !judged;
      default: return true;
    }
  }

  function matchesLanguage(sample, wanted) {
    if (!wanted) return true;
    if (!sample.language) return false;
    if (wanted === "mixed") return sample.mixed;
    return wanted === "other" ? sample.language !== language : "=" + sample.language === wanted;
  }

  function filter() {
    const wanted = Object.fromEntries(controls.map((control) => [control.id, control.value]));
    wanted.q = wanted.q.trim().toLowerCase();
    // A key typed in full names its prompt alone.
    const exact = wanted.q && samples.some((sample) => String(sample.key) === wanted.q);
    shown = samples.filter((sample) => (!exact || String(sample.key) === wanted.q) && matches(sample, wanted));
    page = 0;
    remember();
    render();
  }

  function remember() {
    const used = controls.filter((control) => control.value).map((control) => [control.id, control.value]);
    const hash = new URLSearchParams(used).toString();
    history.replaceState(null, "", hash ? "#" + hash : "#answers");
  }

  function recall() {
    const asked = new URLSearchParams(location.hash.slice(1));
    if (!controls.some((control) => asked.has(control.id))) return false;
    for (const control of controls) control.value = asked.get(control.id) ?? "";
    filter();
    return true;
  }

  function render() {
    const start = page * PAGE;
    const part = shown.slice(start, start + PAGE);
    const total = `${shown.length} of ${samples.length} answers`;
    byId("count").textContent = shown.length ? total : `${total}: no answer matches these filters`;
    byId("cards").replaceChildren(...part.map(card));
    byId("cards").start = start + 1;
    byId("pages").hidden = shown.length <= PAGE;
    byId("page").textContent = `${start + 1}–${start + part.length} of ${shown.length}`;
    byId("previous").disabled = page === 0;
    byId("next").disabled = start + PAGE >= shown.length;
    if (shown.length === 1) byId("cards").querySelector("details").open = true;
  }

  function turn(by) {
    page += by;
    render();
    byId("count").focus({ preventScroll: true });
    byId("answers").scrollIntoView();
  }

  function card(sample) {
    const item = byId("card").content.cloneNode(true);
    const find = (selector) => item.querySelector(selector);
    find(".key").textContent = sample.key + (sample.sample ? ` · ${sample.sample + 1}` : "");
    find(".opening").textContent = sample.prompt.slice(0, 160);
    find(".chips").replaceChildren(...chips(sample));
    const details = find("details");
    const body = find(".body");
    details.addEventListener("toggle", () => fill(body, sample), { once: true });
    return item;
  }

  function chips(sample) {
    const found = sample.verdicts.map((verdict) => chip(...verdictWords(verdict), verdict.id.split(":").pop()));
    if (sample.language && sample.language !== language) found.push(chip("quiet", "language", sample.language));
    else if (sample.mixed) found.push(chip("quiet", "language", "mixed"));
    if (sample.outcome !== "answered") found.push(chip("quiet", "outcome", sample.outcome));
    return found;
  }

  function verdictWords(verdict) {
    if (verdict.strict === undefined) return ["none", "not judged"];
    if (verdict.strict) return ["yes", "followed"];
    return verdict.loose ? ["almost", "only loosely followed"] : ["no", "not followed"];
  }

  function chip(kind, meaning, words) {
    const hidden = element("span", meaning + ": ", "unseen");
    const made = element("span", words.replaceAll("_", " "), "chip " + kind);
    made.prepend(hidden);
    return made;
  }

  function fill(body, sample) {
    body.querySelector(".prompt").textContent = sample.prompt;
    body.querySelector(".prompt").lang = language;
    const answer = body.querySelector(".answer");
    answer.textContent = sample.response ?? "The answer is not stored in this folder.";
    answer.classList.toggle("absent", sample.response === undefined);
    if (sample.language && sample.language !== "und") answer.lang = sample.language;
    const shares = (sample.shares ?? []).map(([code, share]) => `${code} ${Math.round(100 * share)} %`);
    body.querySelector(".meta").textContent = [sample.outcome, ...shares].join(" · ");
    body.querySelector("tbody").replaceChildren(...sample.verdicts.map(row));
  }

  function row(verdict) {
    const line = element("tr");
    const name = element("th", verdict.id);
    name.scope = "row";
    if (verdict.kwargs) name.append(element("span", verdict.kwargs, "kwargs"));
    const words = (value) => (value === undefined ? "–" : value ? "yes" : "no");
    const strict = element("td", words(verdict.strict), words(verdict.strict));
    const loose = element("td", words(verdict.loose), words(verdict.loose));
    line.append(name, strict, loose, element("td", verdict.found ?? "", "found"));
    return line;
  }

  function element(name, text = "", kind = "") {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) made.className = kind;
    return made;
  }

  let waiting;
  byId("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const control of controls.slice(1)) control.addEventListener("change", filter);
  byId("filters").addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  byId("filters").addEventListener("reset", () => setTimeout(filter));
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  addEventListener("hashchange", () => { if (recall()) byId("answers").scrollIntoView(); });
  if (!recall()) render();
})();
