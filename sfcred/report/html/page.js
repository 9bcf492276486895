"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const cards = [...document.querySelectorAll(".card")];
  const shown = document.getElementById("shown");
  const names = ["q", "status", "environment", "flow", "check"];

  const fits = (card, wanted) =>
    wanted.q.every((word) => card.dataset.words.includes(word)) &&
    ["status", "environment", "flow"].every((name) => !wanted[name] || card.dataset[name] === wanted[name]) &&
    (!wanted.check || card.dataset.check.split(" ").includes(wanted.check));

  const apply = () => {
    const wanted = Object.fromEntries(names.map((name) => [name, form.elements[name].value]));
    const address = new URLSearchParams(Object.entries(wanted).filter(([, value]) => value));
    history.replaceState(null, "", address.size ? "#?" + address : location.pathname + location.search);
    wanted.q = wanted.q.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const card of cards) {
      card.hidden = !fits(card, wanted);
      count += card.hidden ? 0 : 1;
    }
    const all = cards.length === 1 ? "1 card" : `${cards.length} cards`;
    shown.textContent = count === cards.length ? all : `${count} of ${all}`;
  };

  const restore = () => {
    const address = new URLSearchParams(location.hash.slice(2));
    for (const name of names) form.elements[name].value = address.get(name) || "";
  };

  // Printing gives one row per credential, or everything once the reader has opened all cards.
  const openAll = (open) => {
    document.querySelector("main").classList.toggle("whole", open);
    cards.forEach((card) => { if (!card.hidden) card.open = open; });
  };

  const reveal = (anchor) => {
    const card = cards.find((one) => one.id === anchor);
    if (!card) return;
    card.hidden = false;
    card.open = true;
    card.scrollIntoView();
    card.querySelector("summary").focus({ preventScroll: true });
  };

  // The address holds either the filters or one card.
  const follow = () => {
    if (location.hash.startsWith("#card-")) reveal(location.hash.slice(1));
    else if (location.hash.startsWith("#?")) { restore(); apply(); }
  };

  form.hidden = cards.length === 1;
  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(apply));
  document.getElementById("open").addEventListener("click", () => openAll(true));
  document.getElementById("close").addEventListener("click", () => openAll(false));
  for (const link of document.querySelectorAll(".pick")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      form.reset();
      for (const name of names) if (link.dataset[name]) form.elements[name].value = link.dataset[name];
      setTimeout(() => { apply(); document.getElementById("credentials").focus(); });
    });
  }
  for (const link of document.querySelectorAll(".card-link")) {
    // Filters stay in the address; the link itself can still be copied.
    link.addEventListener("click", (event) => { event.preventDefault(); reveal(link.hash.slice(1)); });
  }
  addEventListener("hashchange", follow);
  follow();
})();
