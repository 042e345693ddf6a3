/** The part of a view that markup offers to be filled. @returns {Element | null} */
export function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

/** A fresh copy of the one element in `<template id=…>`. @returns {HTMLElement} */
export function clone(templateId) {
  return document.getElementById(templateId).content.firstElementChild.cloneNode(true);
}

/** Leaves an element alone that says so already: a text that is set again would be announced again. */
export function setText(element, text) {
  if (element !== null && element.textContent !== text) element.textContent = text;
}
