"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  const MARKS = {crashed: "?", failed: "✕", warned: "!", xpassed: "↑", xfailed: "≈", passed: "✓", unsupported: "–"};
  const dialog = find("detail");

  // An element with text; nothing of a report is ever read as HTML.
  const make = (name, attributes = {}, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };

  const field = (title, text) =>
    make("div", {class: "field"}, make("h3", {}, title), make("pre", {tabindex: "0"}, text));

  const problems = (result, rule) => (result.problems || []).filter((one) => one.rule === rule);

  const said = (problem) => {
    const box = make("p", {class: "said" + (problem.level === "SHOULD" ? " should" : "")});
    box.append(problem.said);
    return box;
  };

  const again = (command) => {
    const button = make("button", {type: "button"}, "copy");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(command);
        button.textContent = "copied";
      } catch {
        getSelection().selectAllChildren(button.previousElementSibling);
        button.textContent = "selected";
      }
    });
    return make("div", {class: "field"}, make("h3", {}, "again"),
      make("div", {class: "again"}, make("pre", {}, command), button));
  };

  const caseBox = (result, rule, open) => {
    const inside = make("div", {class: "inside"});
    inside.append(...problems(result, rule).map(said));
    if (result.reason) inside.append(make("p", {}, result.reason));
    if (result.input) inside.append(field(result.id.startsWith("wire/") ? "requests and answers" : "input", result.input));
    const sides = make("div", {class: result.got && result.expected ? "sides" : ""});
    if (result.got) sides.append(field(result.id.startsWith("wire/") ? "calls" : "got", result.got));
    if (result.expected) sides.append(field("expected", result.expected));
    if (sides.children.length) inside.append(sides);
    const other = (result.problems || []).filter((one) => one.rule !== rule);
    if (other.length) inside.append(make("p", {class: "quiet"}, "Broken by the same case: " + [...new Set(other.map((one) => one.rule))].join(", ")));
    inside.append(make("p", {class: "quiet"}, "source: " + [result.source, result.provenance].filter(Boolean).join(", ")));
    if (result.again) inside.append(again(result.again));
    const box = make("details", {class: "case"},
      make("summary", {}, make("span", {class: "mark " + result.verdict, "aria-label": result.verdict}, MARKS[result.verdict]),
        make("div", {}, make("code", {}, result.id), make("br"), result.title)), inside);
    box.open = open;
    return box;
  };

  const list = (title, results) => {
    const items = results.map((one) => make("li", {}, make("code", {}, one.id)));
    return make("details", {class: "case"},
      make("summary", {}, make("div", {}, results.length + " " + title)),
      make("div", {class: "inside"}, make("ul", {class: "plain"}, ...items)));
  };

  const show = (at, rule) => {
    const subject = data.subjects[at], about = data.rules[rule];
    if (!subject || !about) return;
    const results = subject.results.filter((one) => one.rules.includes(rule) || problems(one, rule).length);
    // The shortest answer that shows it stands first.
    const broken = results.filter((one) => problems(one, rule).length || one.verdict === "xpassed")
      .sort((one, other) => (one.input || "").length - (other.input || "").length);
    const not = results.filter((one) => one.verdict === "unsupported");
    const kept = results.filter((one) => !broken.includes(one) && !not.includes(one));
    find("detail-subject").textContent = subject.name;
    find("detail-title").textContent = rule + " " + about.level;
    find("detail-text").textContent = about.text;
    find("detail-source").textContent = "source: " + about.source;
    const body = find("detail-body");
    body.replaceChildren(make("p", {}, broken.length
      ? "Broken in " + broken.length + " of " + (results.length - not.length) + " cases."
      : kept.length ? "Kept in " + kept.length + (kept.length === 1 ? " case." : " cases.") : "Not run: not supported."));
    body.append(...broken.map((one, index) => caseBox(one, rule, index === 0)));
    if (kept.length) body.append(list(kept.length === 1 ? "case keeps it" : "cases keep it", kept));
    if (not.length) body.append(...not.map((one) => caseBox(one, rule, false)));
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
    history.replaceState(null, "", "#" + at + "/" + rule);
  };

  document.querySelector("tbody").addEventListener("click", (event) => {
    const cell = event.target.closest("button.mark");
    if (cell) show(Number(cell.dataset.subject), cell.dataset.rule);
  });
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => history.replaceState(null, "", location.pathname + location.search));

  // Arrow keys move between the cells.
  document.querySelector("tbody").addEventListener("keydown", (event) => {
    const steps = {ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0]};
    const step = steps[event.key], cell = event.target.closest("button.mark");
    if (!step || !cell) return;
    event.preventDefault();
    const rows = [...document.querySelectorAll("tr.rule:not([hidden])")];
    let at = rows.indexOf(cell.closest("tr")), column = cell.closest("td").cellIndex;
    do { at += step[0]; column += step[1]; } while (rows[at] && rows[at].cells[column] && !rows[at].cells[column].querySelector("button"));
    rows[at]?.cells[column]?.querySelector("button")?.focus();
  });

  const filter = () => {
    const words = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0, area = null, inArea = 0;
    const close = () => { if (area) area.hidden = !inArea; };
    for (const row of document.querySelectorAll("tbody tr")) {
      if (row.classList.contains("area")) { close(); area = row; inArea = 0; continue; }
      const text = row.cells[0].textContent.toLowerCase();
      const wrong = /crashed|failed|warned|xpassed/.test(row.dataset.fared);
      row.hidden = !words.every((word) => text.includes(word))
        || (find("wrong").checked && !wrong) || (find("must").checked && row.dataset.level !== "MUST");
      if (!row.hidden) { shown += 1; inArea += 1; }
    }
    close();
    find("shown").textContent = shown + (shown === 1 ? " rule" : " rules");
    find("none").hidden = shown > 0;
  };
  find("tools").hidden = false;
  find("tools").addEventListener("input", filter);
  find("tools").addEventListener("submit", (event) => event.preventDefault());
  filter();

  const [at, rule] = location.hash.slice(1).split("/");
  if (rule) show(Number(at), rule);
})();
