"use strict";
// Sorts, filters and compares the rows that are in the page already; the state is kept in the address.
(() => {
  const MOST = 4;
  const byId = (id) => document.getElementById(id);
  const table = byId("board"), form = byId("filters");
  if (!table || !form) return;
  const lang = document.documentElement.lang;
  const body = table.tBodies[0], rows = [...body.rows];
  const heads = [...table.tHead.rows[0].cells];
  const heat = byId("heat"), heatRows = new Map(heat ? [...heat.tBodies[0].rows].map((row) => [row.dataset.id, row]) : []);
  const reference = byId("reference"), losses = byId("losses") && JSON.parse(byId("losses").textContent);
  const signed = new Intl.NumberFormat(lang, { signDisplay: "exceptZero", minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const order = { name: "", down: false };
  const initial = [...rows];
  let picked = [];

  function wanted() {
    return Object.fromEntries([...new FormData(form)].filter(([, value]) => value.trim() !== ""));
  }

  function fits(row, want) {
    const text = row.querySelector("th").textContent + " " + (row.dataset.license ?? "");
    if (want.q && !text.toLowerCase().includes(want.q.trim().toLowerCase())) return false;
    if (row.classList.contains("baseline")) return true;
    const is = row.dataset.is.split(" ");
    return (
      (!want.also || row.dataset.has.split(" ").includes(want.also)) &&
      (!want.license || row.dataset.license === want.license) &&
      (!want.max || (row.dataset.size && Number(row.dataset.size) <= Number(want.max))) &&
      ["weights", "data", "eu", "workstation"].every((name) => !want[name] || is.includes(name))
    );
  }

  function filter() {
    const want = wanted();
    const seen = new Set(rows.filter((row) => fits(row, want)).map((row) => row.dataset.id));
    for (const each of document.querySelectorAll("[data-id]:not(option)")) each.toggleAttribute("hidden", !seen.has(each.dataset.id));
    const contestants = rows.filter((row) => !row.classList.contains("baseline"));
    const shown = contestants.filter((row) => seen.has(row.dataset.id)).length;
    byId("count").textContent = byId("count").dataset.text.replace("{n}", shown).replace("{all}", contestants.length);
  }

  // Numbers are written with a comma or a point, and a proper minus; a dash is no number and stays last.
  function value(row, place, kind) {
    const text = row.cells[place].textContent.trim();
    if (kind === "text") return text === "–" ? null : text;
    const number = parseFloat(text.replace(",", ".").replace("−", "-").replace("+", ""));
    return Number.isNaN(number) ? null : number;
  }

  function sort() {
    const place = heads.findIndex((head) => head.dataset.name && head.dataset.name === order.name);
    heads.forEach((head, at) => at === place ? head.setAttribute("aria-sort", order.down ? "descending" : "ascending") : head.removeAttribute("aria-sort"));
    const kind = place < 0 ? "" : heads[place].dataset.sort;
    const keyed = initial.map((row, at) => [row, at, place < 0 ? at : value(row, place, kind)]);
    keyed.sort(([, at, one], [, other, two]) => {
      if (one === null || two === null) return (one === null) - (two === null) || at - other;
      const by = typeof one === "string" ? one.localeCompare(two, lang) : one - two;
      return (order.down ? -by : by) || at - other;
    });
    body.append(...keyed.map(([row]) => row));
    if (heat) heat.tBodies[0].append(...keyed.map(([row]) => heatRows.get(row.dataset.id)));
  }

  function compare() {
    const section = byId("comparison");
    if (!section) return;
    section.hidden = false;
    for (const row of rows) {
      const box = row.querySelector(".pick input");
      box.checked = picked.includes(row.dataset.id);
      box.disabled = !box.checked && picked.length >= MOST;
    }
    const chosen = picked.map((id) => rows.find((row) => row.dataset.id === id)).filter(Boolean);
    const ready = chosen.length > 1;
    section.querySelector(".scroll").hidden = !ready;
    byId("compare-hint").hidden = ready;
    if (!ready) return;
    const out = section.querySelector("table");
    const top = out.tHead.rows[0];
    top.replaceChildren(top.cells[0], ...chosen.map((row) => copy(row.querySelector("th"), "th", "col")));
    const lines = heads.flatMap((head, at) => at > 0 && !head.classList.contains("stay") ? [line(words(head), chosen.map((row) => row.cells[at]))] : []);
    const kinds = [...heat.tHead.rows[0].cells].slice(1);
    lines.push(...kinds.map((head, at) => line(head.textContent, chosen.map((row) => heatRows.get(row.dataset.id).cells[at + 1]))));
    out.tBodies[0].replaceChildren(...lines);
  }

  const words = (head) => (head.querySelector("button") ?? head).textContent;

  function line(label, cells) {
    const row = document.createElement("tr"), head = document.createElement("th");
    head.scope = "row";
    head.textContent = label;
    row.append(head, ...cells.map((cell) => copy(cell, "td")));
    return row;
  }

  function copy(cell, name, scope) {
    const made = document.createElement(name);
    if (scope) made.scope = scope;
    made.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
    return made;
  }

  function hold() {
    if (!losses) return;
    for (const row of rows) {
      const found = losses[row.dataset.id][reference.value];
      row.querySelector(".lost").textContent = found ? signed.format(found[0]) : "–";
      row.querySelector(".spread").textContent = found ? `${signed.format(found[1])} … ${signed.format(found[2])}` : "–";
    }
  }

  function remember() {
    const state = new URLSearchParams(wanted());
    if (order.name) state.set("sort", (order.down ? "-" : "") + order.name);
    if (picked.length) state.set("compare", picked.join(","));
    if (reference && reference.selectedIndex > 0) state.set("reference", reference.selectedOptions[0].dataset.id);
    const hash = state.toString();
    history.replaceState(null, "", hash ? "#" + hash : location.href.split("#")[0]);
    for (const link of document.querySelectorAll(".languages a")) link.href = link.href.split("#")[0] + (hash ? "#" + hash : "");
  }

  function recall() {
    const state = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) {
      if (!field.name) continue;
      if (field.type === "checkbox") field.checked = state.has(field.name);
      else field.value = state.get(field.name) ?? "";
    }
    const asked = state.get("sort") ?? "";
    order.down = asked.startsWith("-");
    order.name = asked.replace(/^-/, "");
    const known = new Set(rows.map((row) => row.dataset.id));
    picked = table.querySelector(".pick") ? (state.get("compare") ?? "").split(",").filter((id) => known.has(id)).slice(0, MOST) : [];
    if (reference) reference.selectedIndex = Math.max(0, [...reference.options].findIndex((option) => option.dataset.id === state.get("reference")));
    show();
  }

  function show() {
    hold();
    filter();
    sort();
    compare();
    remember();
  }

  for (const head of heads.filter((each) => each.dataset.sort)) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      order.down = order.name === head.dataset.name ? !order.down : head.dataset.first === "down";
      order.name = head.dataset.name;
      show();
    });
  }
  body.addEventListener("change", (event) => {
    const id = event.target.closest("tr").dataset.id;
    picked = event.target.checked ? [...picked, id] : picked.filter((each) => each !== id);
    compare();
    remember();
  });
  form.addEventListener("input", () => { filter(); remember(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(() => { order.name = ""; picked = []; show(); }));
  if (reference) reference.addEventListener("change", show);
  addEventListener("hashchange", () => { if (location.hash.includes("=")) recall(); });
  document.documentElement.classList.add("scripted");
  form.hidden = false;
  recall();
})();
