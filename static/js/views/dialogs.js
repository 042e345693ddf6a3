import { setText, slot } from "../lib/dom.js";

/** Buttons that close their dialog, and clicks beside it. */
export function wireDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog || event.target.closest('[data-action="close-dialog"]')) dialog.close();
    });
  }
}

/** Asks before a message is deleted. @returns {Promise<boolean>} */
export function confirmDelete(preview) {
  const dialog = document.getElementById("confirm-delete");
  setText(slot(dialog, "preview"), preview);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "delete"), { once: true });
  });
}
