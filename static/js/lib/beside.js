const GAP_PX = 6;
const EDGE_PX = 8;

/** Puts what floats above or below what it belongs to, wherever the window has room. */
export function placeBeside(element, anchor) {
  const { top, bottom, left } = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = element;
  const above = top - GAP_PX - height;
  const below = bottom + GAP_PX;
  const fits = below + height <= innerHeight - EDGE_PX || above < EDGE_PX;
  element.style.top = `${clamp(fits ? below : above, innerHeight - height)}px`;
  element.style.left = `${clamp(left, innerWidth - width)}px`;
}

function clamp(wanted, most) {
  return Math.max(EDGE_PX, Math.min(wanted, most - EDGE_PX));
}
