// Only to enhance: keys to move with, filters without a reload, and the languages that the reader chose.
// Without this file every page says and does the same.
"use strict";
(() => {
  const found = () => document.querySelectorAll("main :is(h2, h3, h4) > a");
  const heads = [...found()];
  const sheet = document.getElementById("keys");
  const button = document.querySelector(".keys");
  let at = -1;
  let going = 0;
  const move = (step) => {
    if (!heads.length) return;
    at = Math.min(Math.max(at + step, 0), heads.length - 1);
    heads[at].focus();
    heads[at].scrollIntoView({ block: "center" });
  };
  const typing = (target) => target.closest("input, select, textarea, dialog") !== null;
  document.addEventListener("focusin", (event) => {
    const place = heads.indexOf(event.target);
    if (place >= 0) at = place;
  });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = event.key;
    if (going && event.timeStamp - going < 1500) {
      const link = document.querySelector(`#go a[data-key="${CSS.escape(key)}"]`);
      going = 0;
      if (link) location.assign(link.href);
      return;
    }
    if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "o" && at >= 0) heads[at].click();
    else if (key === "g") going = event.timeStamp;
    else if (key === "?") sheet.showModal();
    else if (key === "/") document.getElementById("q").focus();
    else return;
    event.preventDefault();
  });
  if (button) {
    button.hidden = false;
    button.addEventListener("click", () => sheet.showModal());
  }

  // Filters: a change of a select shows the list anew; without this the button does it.
  const show = async (address, push) => {
    const answer = await fetch(address);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const named = document.activeElement && document.activeElement.id;
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    if (push) history.pushState({ list: true }, "", answer.url);
    heads.splice(0, heads.length, ...found());
    at = -1;
    if (named) document.getElementById(named)?.focus();
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.filters[data-now]");
    if (!form || event.target.type === "date") return;
    const fields = [...new FormData(form)].filter(([, value]) => value);
    const query = new URLSearchParams(fields).toString();
    const address = form.action.split("?")[0] + (query && `?${query}`);
    show(address, true).catch(() => form.submit());
  });
  addEventListener("popstate", () => show(location.href, false).catch(() => location.reload()));

  // Languages: this browser alone remembers the choice, and applies it to the front page.
  const kept = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("reads");
      if (value) localStorage.setItem("reads", value);
      else localStorage.removeItem("reads");
    } catch { /* storage may be forbidden: then nothing is remembered */ }
    return null;
  };
  const chooser = document.querySelector("form[data-reads]");
  if (chooser) chooser.addEventListener("submit", () => kept(new FormData(chooser).getAll("language").join(" ")));
  for (const link of document.querySelectorAll("a[data-forget]")) link.addEventListener("click", () => kept(""));
  const here = new URL(location.href);
  const reads = kept();
  if (reads && document.body.classList.contains("front") && !here.searchParams.has("language")) {
    here.searchParams.set("language", reads);
    location.replace(here);
  }
})();
