"use strict";
// The page can be read without this script. It adds filters, sorting and buttons that copy a command, and never turns text
// into markup.
(() => {
  const texts = document.body.dataset;
  const fill = (text, ...values) => values.reduce((filled, value, i) => filled.split("{" + i + "}").join(value), text);

  const status = document.createElement("p");
  status.className = "unseen";
  status.setAttribute("role", "status");
  document.body.append(status);

  const button = (label) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    return made;
  };

  // Copies without the clipboard's own interface too, which a browser may refuse to a local file.
  const copy = async (code) => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(code);
      return document.execCommand("copy");
    }
  };

  for (const code of document.querySelectorAll("code.fix")) {
    const copier = button(texts.copy);
    copier.className = "copy";
    copier.setAttribute("aria-label", fill(texts.copyLabel, code.closest("tr").cells[0].textContent));
    copier.addEventListener("click", async () => {
      const result = await copy(code) ? texts.copied : texts.copyFailed;
      status.textContent = copier.textContent = result;
      setTimeout(() => { status.textContent = ""; copier.textContent = texts.copy; }, 2500);
    });
    code.after(copier);
  }

  const cellText = (cell) => (cell.querySelector("code.fix") ?? cell).textContent;

  for (const controls of document.querySelectorAll(".controls")) {
    const section = controls.closest("section");
    const [input, output] = [controls.querySelector("input"), controls.querySelector("output")];
    const groups = section.querySelectorAll(".group");
    let rows;
    let timer;

    // Every word must occur in the row.
    const filter = () => {
      rows ??= Array.from(section.querySelectorAll("tbody > tr"), (row) => ({ row, text: Array.from(row.cells, cellText).join(" ").toLowerCase() }));
      const words = input.value.toLowerCase().split(/\s+/).filter((word) => word);
      let shown = 0;
      for (const { row, text } of rows) {
        const matches = words.every((word) => text.includes(word));
        shown += matches ? 1 : 0;
        if (row.hidden === matches) row.hidden = !matches;
      }
      for (const group of groups) group.hidden = !group.querySelector("tbody > tr:not([hidden])");
      output.textContent = words.length ? fill(controls.dataset.shown, shown.toLocaleString("en"), rows.length.toLocaleString("en")) : "";
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(filter, 80);
    });
    // A link may lead to a row that the filter hides.
    addEventListener("hashchange", () => {
      const target = document.getElementById(location.hash.slice(1));
      if (!target || !section.contains(target) || !target.closest("[hidden]")) return;
      input.value = "";
      filter();
      target.scrollIntoView();
    });
    controls.hidden = false;
    if (input.value) filter();
  }

  const words = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
  const orders = {
    text: (cell) => cell.textContent,
    number: (cell) => cell.dataset.value === undefined ? null : Number(cell.dataset.value),
  };

  // What has no value comes last in either direction.
  const compare = (a, b, sign) => {
    if (a === null || b === null) return (a === null) - (b === null);
    return sign * (typeof a === "number" ? a - b : words.compare(a, b));
  };

  for (const header of document.querySelectorAll("th[data-order]")) {
    const sorter = button(header.textContent);
    header.replaceChildren(sorter);
    sorter.addEventListener("click", () => {
      const body = header.closest("table").tBodies[0];
      const first = header.dataset.order === "number" ? "descending" : "ascending";
      const order = header.ariaSort !== first ? first : first === "ascending" ? "descending" : "ascending";
      for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", order);
      const value = orders[header.dataset.order];
      const sorted = Array.from(body.rows, (row) => ({ row, value: value(row.cells[header.cellIndex]) }));
      sorted.sort((a, b) => compare(a.value, b.value, order === "ascending" ? 1 : -1));
      const moved = document.createDocumentFragment();
      for (const { row } of sorted) moved.append(row);
      body.append(moved);
    });
  }

  // Paper shows everything.
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = Array.from(document.querySelectorAll("details:not([open])"));
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });
})();
