// The bulletin editor: the page follows the text, figures go in where the cursor stands.

const form = document.getElementById("editor");
const palette = document.getElementById("palette");
const language = () => form.querySelector("input[name=language]:checked").value;
const text = () => form.elements[`text_${language()}`];
const pageOf = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");
const put = (page, ids) =>
  ids.forEach((id) => document.getElementById(id).replaceChildren(...page.getElementById(id).childNodes));

// The server draws the page anew a moment after the last letter; an older answer is given up.
let waiting, asking;
function preview(pause) {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    asking?.abort();
    asking = new AbortController();
    const said = new FormData(form);
    said.set("preview", "1");
    try {
      const answer = await fetch(location.href, { method: "POST", body: said, signal: asking.signal });
      if (answer.ok) put(await pageOf(answer), ["preview", "remarks", "written-zh", "written-en"]);
    } catch (error) {
      if (error.name !== "AbortError") throw error;
    }
  }, pause);
}
form.addEventListener("input", (event) => preview(event.target.type === "radio" ? 0 : 400));
form.addEventListener("submit", (event) => {
  if (event.submitter?.name === "preview") {
    event.preventDefault();
    preview(0);
  } else isSaved = true;
});

// What the browser itself asks for may stand in the other language or be folded away.
form.addEventListener("invalid", (event) => {
  event.target.closest("details")?.setAttribute("open", "");
  const side = event.target.closest("[class^=text-]")?.className.match(/^text-(zh|en)/);
  if (side) form.querySelector(`input[name=language][value=${side[1]}]`).checked = true;
}, true);

// Who leaves with a text that is not saved is asked first.
let isSaved = !form.querySelector(".errorlist, .message.error[role=alert]");
form.addEventListener("input", () => (isSaved = false));
addEventListener("beforeunload", (event) => isSaved || event.preventDefault());

// What is found stays in the palette; a link in it leads on within.
async function fill(address) {
  const answer = await fetch(address);
  if (answer.ok) put(await pageOf(answer), ["palette"]);
}
palette.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-palette]");
  const button = event.target.closest("button[data-insert]");
  if (link) {
    event.preventDefault();
    fill(new URL(link.getAttribute("href"), new URL(palette.dataset.from, location.href)));
  }
  if (button) insert(button.dataset.insert, "ownLine" in button.dataset);
});
palette.addEventListener("submit", (event) => {
  event.preventDefault();
  fill(`${event.target.action}?${new URLSearchParams(new FormData(event.target))}`);
});

function insert(placeholder, needsOwnLine) {
  const field = text();
  field.focus();
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const start = needsOwnLine && before && !before.endsWith("\n") ? "\n\n" : "";
  const end = needsOwnLine && after && !after.startsWith("\n") ? "\n\n" : "";
  // This way of putting text in can be undone by the keys that people know.
  if (!document.execCommand("insertText", false, start + placeholder + end)) {
    field.setRangeText(start + placeholder + end, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// A mistake leads to its line.
form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-line]");
  if (!button) return;
  const lines = text().value.split("\n");
  const number = Number(button.dataset.line) - 1;
  const start = lines.slice(0, number).join("\n").length + (number ? 1 : 0);
  text().focus();
  text().setSelectionRange(start, start + (lines[number] ?? "").length);
});

document.documentElement.classList.add("has-scripts");
fill(palette.dataset.from);
