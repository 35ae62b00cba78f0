// What scripts add to pages that work without them: keys, ticking all rows, dropping files.

const typing = (element) => element.matches("input, textarea, select, [contenteditable]");

// A key alone, or after `g`, leads somewhere; the sheet at /keys/ lists them all.
const places = { h: "/", w: "/my-work/", f: "/figures/", b: "/bulletins/", l: "/ledger/" };
let isGoing = false;

const rows = () => [...document.querySelectorAll("main th[scope=row] > a, main .rows li > div > a, main .card > a")]
  .filter((link) => link.checkVisibility());

function step(by) {
  const links = rows();
  const here = links.indexOf(document.activeElement);
  const next = links[Math.min(Math.max(here + by, 0), links.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

async function showKeys() {
  let sheet = document.querySelector("dialog.keys");
  if (!sheet) {
    sheet = document.createElement("dialog");
    sheet.className = "keys";
    sheet.setAttribute("aria-labelledby", "keys");
    document.body.append(sheet);
    const answer = await fetch("/keys/");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    sheet.append(...page.querySelector("main").children);
  }
  // Asked for twice before it came, it is shown once.
  if (sheet.childElementCount && !sheet.open) sheet.showModal();
}

const keys = {
  "/": () => document.getElementById("search")?.focus(),
  "?": showKeys,
  j: () => step(1),
  k: () => step(-1),
  n: () => document.querySelector("main .head a.button.primary")?.click(),
  m: () => {
    const fields = ":is(#move ~ form, form.entry) :is(input:not([type=hidden]), select, textarea)";
    const moves = (within) => within?.querySelector(".moves :is(a.button, button)");
    const row = document.activeElement.closest("li, tr");
    (moves(row) ?? document.querySelector(fields) ?? moves(document.querySelector("main")))?.focus();
  },
  c: () => document.querySelector("#comments textarea")?.focus(),
  x: () => document.activeElement.closest("tr")?.querySelector("input[type=checkbox]")?.click(),
  ".": () => document.querySelector(".paging a[rel=next]")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const act = isGoing && places[event.key] ? () => location.assign(places[event.key]) : keys[event.key];
  isGoing = event.key === "g";
  if (!act) return;
  event.preventDefault();
  act();
});

// What was just sent is not sent again by a second press.
const AGAIN = 5000;
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented || event.target.method !== "post") return;
  if (event.timeStamp - (event.target.dataset.sent ?? -AGAIN) < AGAIN) event.preventDefault();
  else event.target.dataset.sent = event.timeStamp;
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// What came back because something is wrong begins where it is wrong; after a step one goes on from
// what it says of it, not from the head of the page.
const wrong = document.querySelector("main form [aria-invalid=true]");
const said = document.querySelector("main > .message[role]");
if (wrong) wrong.focus();
else if (said && !location.hash && !document.querySelector("[autofocus]")) {
  said.tabIndex = -1;
  said.focus({ preventScroll: true });
}

// One box that ticks all rows of a list.
for (const form of document.querySelectorAll("form.choice")) {
  const boxes = () => [...form.querySelectorAll("input[name=id]")];
  const all = document.createElement("input");
  all.type = "checkbox";
  all.setAttribute("aria-label", form.dataset.all);
  all.addEventListener("change", () => boxes().forEach((box) => (box.checked = all.checked)));
  form.querySelector("thead th").prepend(all, " ");
}

// Files that are dropped on a panel, or a picture that is pasted, go into the panel's field: beside
// those that are in it already where it takes several.
function take(field, files) {
  if (!files.length) return;
  const kept = new DataTransfer();
  const all = field.multiple ? [...field.files, ...files] : [files[0]];
  for (const file of all) kept.items.add(file);
  field.files = kept.files;
  field.closest("details")?.setAttribute("open", "");
  field.dispatchEvent(new Event("change", { bubbles: true }));
  field.form.querySelector("button").focus();
}

for (const field of document.querySelectorAll("input[type=file]")) {
  const ground = field.closest("section") ?? field.form;
  ground.addEventListener("dragover", (event) => {
    event.preventDefault();
    ground.classList.add("dropping");
  });
  ground.addEventListener("dragleave", () => ground.classList.remove("dropping"));
  ground.addEventListener("drop", (event) => {
    event.preventDefault();
    ground.classList.remove("dropping");
    take(field, event.dataTransfer.files);
  });
}
document.addEventListener("paste", (event) => {
  const field = document.querySelector("input[type=file]");
  // A table copied from a spreadsheet brings a picture of itself beside its text.
  const isText = typing(event.target) && event.clipboardData.types.includes("text/plain");
  if (field && !isText) take(field, event.clipboardData.files);
});

// The letters typed into a field that names something bring names to pick from. Of several things,
// parted by semicolons, the last one is being typed.
let asked = 0;
async function suggest(field) {
  const parts = "many" in field.dataset ? field.value.match(/^(.*[;；、]\s*)?(.*)$/s) : ["", "", field.value];
  const turn = ++asked;
  await new Promise((wait) => setTimeout(wait, 150));
  if (turn !== asked) return;
  const address = new URL(field.dataset.offers ?? `/suggest/${field.dataset.suggest}/`, location);
  address.searchParams.set("q", parts[2]);
  const answer = await fetch(address);
  if (turn !== asked || !answer.ok) return;
  if (!field.list) {
    const list = document.createElement("datalist");
    list.id = `${field.id}-offered`;
    field.after(list);
    field.setAttribute("list", list.id);
  }
  field.list.innerHTML = await answer.text();
  for (const option of field.list.options) option.value = (parts[1] ?? "") + option.value;
}
for (const field of document.querySelectorAll("[data-suggest]")) {
  field.addEventListener("focus", () => suggest(field));
  field.addEventListener("input", (event) => event.inputType && suggest(field));
}

// What is worth knowing of what is typed so far is said beneath the form, a moment after it is typed.
for (const place of document.querySelectorAll("[data-advice]")) {
  const form = place.closest("form");
  const names = place.dataset.advice.split(" ");
  let turn = 0;
  const advise = async () => {
    const mine = ++turn;
    await new Promise((wait) => setTimeout(wait, 300));
    if (mine !== turn) return;
    const typed = new URLSearchParams({ advice: "1" });
    for (const name of names) typed.set(name, form.elements[name].value);
    const answer = await fetch(`${location.pathname}?${typed}`);
    if (mine === turn && answer.ok) place.innerHTML = await answer.text();
  };
  for (const name of names) {
    for (const kind of ["input", "change"]) form.elements[name].addEventListener(kind, advise);
  }
  if (names.some((name) => form.elements[name].value)) advise();
}

// A part of the page that says where its newer self is: it is fetched until it says so no more.
async function poll(part) {
  const answer = await fetch(part.dataset.poll).catch(() => null);
  if (answer?.ok) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const newer = page.body.firstElementChild;
    part.replaceWith(newer);
    part = newer;
  }
  if (part.dataset.poll) {
    setTimeout(poll, 1000, part);
    return;
  }
  // What has ended leads to its result. A file is saved and leaves this page here, so show it anew.
  if (part.dataset.then) location.assign(part.dataset.then);
  setTimeout(() => location.reload(), part.dataset.then ? 1500 : 0);
}

for (const part of document.querySelectorAll("[data-poll]")) setTimeout(poll, 700, part);
