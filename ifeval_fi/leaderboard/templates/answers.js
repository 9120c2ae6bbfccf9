"use strict";
// Shows the answers a page at a time, in the language that the address asks for. Foreign text goes through textContent.
(() => {
  const PAGE = 25;
  const byId = (id) => document.getElementById(id);
  const read = (id) => JSON.parse(byId(id).textContent);
  const data = read("data"), all = read("words"), rows = data.rows;
  const controls = ["q", "instruction", "verdict"].map(byId);
  let words = all.fi, shown = rows, page = 0;

  for (const row of rows) row.haystack = [row.key, row.prompt, row.response].join("\n").toLowerCase();

  const instruction = (id) => words["id_" + id.split(":")[1]] ?? id;
  const kind = ([, strict, loose]) => (strict ? "followed" : loose ? "loose" : "broken");
  const looks = { followed: "yes", loose: "almost", broken: "no" };

  function label(root) {
    for (const each of root.querySelectorAll("[data-word]")) each.textContent = words[each.dataset.word];
    for (const each of root.querySelectorAll("[data-instruction]")) each.textContent = instruction(each.dataset.instruction);
  }

  function speak(language) {
    const code = Object.hasOwn(all, language) ? language : "fi";
    words = all[code];
    document.documentElement.lang = code;
    const folder = "../../" + (code === "fi" ? "" : code + "/");
    byId("back").href = folder + "index.html";
    byId("model").href = folder + data.model;
    byId("q").placeholder = words.a_search;
    for (const link of document.querySelectorAll(".languages a")) link.toggleAttribute("aria-current", link.lang === code);
    label(document);
  }

  function filter() {
    const [q, id, verdict] = controls.map((control) => control.value);
    const sought = q.trim().toLowerCase();
    const exact = sought && rows.some((row) => String(row.key) === sought);
    shown = rows.filter((row) => {
      const mine = row.verdicts.filter((each) => !id || each[0] === id);
      if (!mine.length || (sought && !(exact ? String(row.key) === sought : row.haystack.includes(sought)))) return false;
      if (verdict === "cut") return row.cut;
      if (verdict === "followed") return mine.every((each) => each[1]);
      if (verdict === "broken") return mine.some((each) => !each[1]);
      return verdict !== "loose" || mine.some((each) => kind(each) === "loose");
    });
    page = 0;
    render();
  }

  function render() {
    const part = shown.slice(page * PAGE, (page + 1) * PAGE);
    byId("count").textContent = words.a_shown.replace("{n}", shown.length).replace("{all}", rows.length);
    byId("cards").replaceChildren(...part.map(card));
    byId("cards").start = page * PAGE + 1;
    byId("pages").hidden = shown.length <= PAGE;
    byId("page").textContent = `${page * PAGE + 1}–${page * PAGE + part.length}`;
    byId("previous").disabled = page === 0;
    byId("next").disabled = (page + 1) * PAGE >= shown.length;
    if (shown.length === 1) byId("cards").querySelector("details").open = true;
  }

  function card(row) {
    const item = byId("card").content.cloneNode(true);
    label(item);
    item.querySelector(".key").textContent = row.key + (row.sample ? ` · ${row.sample + 1}` : "");
    item.querySelector(".opening").textContent = row.prompt.slice(0, 160);
    const chips = row.verdicts.map((each) => chip(looks[kind(each)], words["a_" + kind(each)], instruction(each[0])));
    if (row.cut) chips.push(chip("quiet", words.a_answer, words.a_truncated));
    item.querySelector(".chips").replaceChildren(...chips);
    const body = item.querySelector(".body");
    item.querySelector("details").addEventListener("toggle", () => fill(body, row), { once: true });
    return item;
  }

  function chip(look, meaning, text) {
    const made = element("span", text, "chip " + look);
    made.prepend(element("span", meaning + ": ", "unseen"));
    return made;
  }

  function fill(body, row) {
    const prompt = body.querySelector(".prompt");
    prompt.textContent = row.prompt;
    prompt.lang = data.language;
    body.querySelector(".answer").textContent = row.response;
    body.querySelector("tbody").replaceChildren(...row.verdicts.map((each) => {
      const line = element("tr"), name = element("th", instruction(each[0])), why = element("td", each[3], "found");
      name.scope = "row";
      why.lang = "en";
      line.append(name, element("td", words["a_" + kind(each)], each[1] ? "yes" : "no"), why);
      return line;
    }));
  }

  function element(name, text = "", look = "") {
    const made = document.createElement(name);
    made.textContent = text;
    if (look) made.className = look;
    return made;
  }

  function turn(by) {
    page += by;
    render();
    byId("count").focus({ preventScroll: true });
    byId("filters").scrollIntoView();
  }

  function recall() {
    const asked = new URLSearchParams(location.hash.slice(1));
    speak(asked.get("in") ?? "fi");
    for (const control of controls) if (asked.has(control.id)) control.value = asked.get(control.id);
    filter();
  }

  let waiting;
  byId("q").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  for (const control of controls.slice(1)) control.addEventListener("change", filter);
  byId("filters").addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  byId("filters").addEventListener("reset", () => setTimeout(filter));
  byId("previous").addEventListener("click", () => turn(-1));
  byId("next").addEventListener("click", () => turn(1));
  addEventListener("hashchange", () => { if (location.hash.includes("=")) recall(); });
  byId("filters").hidden = false;
  recall();
})();
