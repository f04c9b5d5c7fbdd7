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
    const client = Array.from(code.closest("tr").cells[0].children, (part) => part.textContent).join(" ");
    copier.setAttribute("aria-label", fill(texts.copyLabel, client));
    copier.addEventListener("click", async () => {
      const result = await copy(code) ? texts.copied : texts.copyFailed;
      status.textContent = copier.textContent = result;
      setTimeout(() => { status.textContent = ""; copier.textContent = texts.copy; }, 2500);
    });
    code.after(copier);
  }

  // The rows of a table stay in groups, of which the browser lays out only those in view. A row that does not match the filter
  // is taken out, and the rest is grouped anew.
  const groupSize = Number(texts.group);
  const tables = new Map(Array.from(document.querySelectorAll("section > table"), (element) =>
    [element, { element, matches: () => true, rows: Array.from(element.querySelectorAll("tbody > tr"), (row) => ({ row })) }]));

  const arrange = (table) => {
    const shown = table.rows.filter(table.matches);
    while (table.element.tBodies.length) table.element.tBodies[0].remove();
    for (let start = 0; start < shown.length; start += groupSize) {
      const group = shown.slice(start, start + groupSize);
      const body = document.createElement("tbody");
      if (group.length === groupSize) body.className = "full";
      body.append(...group.map(({ row }) => row));
      table.element.append(body);
    }
    return shown.length;
  };

  const cellText = (cell) => (cell.querySelector("code.fix") ?? cell).textContent;
  const textOf = (entry) => entry.text ??= Array.from(entry.row.cells, cellText).join(" ").toLowerCase();

  for (const controls of document.querySelectorAll(".controls")) {
    const section = controls.closest("section");
    const [input, output] = [controls.querySelector("input"), controls.querySelector("output")];
    const own = Array.from(section.querySelectorAll("table"), (element) => tables.get(element));
    const total = own.reduce((sum, table) => sum + table.rows.length, 0);
    let timer;
    let last = "";

    // Every word must occur in the row.
    const filter = () => {
      if (input.value.trim() === last) return;
      last = input.value.trim();
      const words = last.toLowerCase().split(/\s+/);
      let shown = 0;
      for (const table of own) {
        table.matches = last ? (entry) => words.every((word) => textOf(entry).includes(word)) : () => true;
        const count = arrange(table);
        shown += count;
        const group = table.element.closest(".group");
        if (group) group.hidden = count === 0;
      }
      output.textContent = last ? fill(controls.dataset.shown, shown.toLocaleString("en"), total.toLocaleString("en")) : "";
    };

    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(filter, 80);
    });
    // A link may lead to what the filter hides.
    addEventListener("hashchange", () => {
      const id = location.hash.slice(1);
      const isHidden = document.getElementById(id)?.closest("[hidden]") ?? own.some((table) => table.rows.some(({ row }) => row.id === id && !row.isConnected));
      if (!last || !isHidden) return;
      input.value = "";
      filter();
      document.getElementById(id).scrollIntoView();
    });
    controls.hidden = false;
    filter();
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
      const table = tables.get(header.closest("table"));
      const first = header.dataset.order === "number" ? "descending" : "ascending";
      const order = header.getAttribute("aria-sort") !== first ? first : first === "ascending" ? "descending" : "ascending";
      for (const other of header.parentNode.cells) other.removeAttribute("aria-sort");
      header.setAttribute("aria-sort", order);
      const value = orders[header.dataset.order];
      for (const entry of table.rows) entry.value = value(entry.row.cells[header.cellIndex]);
      table.rows.sort((a, b) => compare(a.value, b.value, order === "ascending" ? 1 : -1));
      arrange(table);
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
