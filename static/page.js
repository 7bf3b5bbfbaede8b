// Only to enhance: keys to move with. Without this file every page says and does the same.
"use strict";
(() => {
  const heads = [...document.querySelectorAll("main :is(h2, h3, h4) > a")];
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
    const found = heads.indexOf(event.target);
    if (found >= 0) at = found;
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
})();
