// Only to enhance: copies the address of a feed. Without this file the address can be marked and copied by hand.
"use strict";
(() => {
  const told = document.getElementById("copied");
  for (const button of document.querySelectorAll("button[data-copy]")) {
    const field = document.getElementById(button.dataset.copy);
    button.hidden = false;
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
      } catch {
        document.execCommand("copy"); // pages without TLS have no clipboard
      }
      told.textContent = `${button.dataset.done}: ${field.value}`;
    });
  }
})();
