const SHOWN_PIXELS = 300;

/** How a message shows an attachment. @returns {"image" | "pdf" | "video" | "audio" | "file"} */
export function kindOf({ type, width, height }) {
  const [main] = type.split("/");
  if (main === "image") return width && height ? "image" : "file";
  if (type === "application/pdf") return "pdf";
  return main === "audio" || main === "video" ? main : "file";
}

/** The place that is kept for an image, so that nothing moves when it comes. */
export function fitting({ width, height }) {
  const scale = Math.min(1, SHOWN_PIXELS / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** `840 bytes`, `4.8 KB`, `12 MB` */
export function sizeText(bytes) {
  let size = bytes;
  for (const unit of ["bytes", "KB", "MB"]) {
    if (size < 1000) return `${unit === "bytes" || size >= 10 ? Math.round(size) : size.toFixed(1)} ${unit}`;
    size /= 1000;
  }
  return `${size.toFixed(1)} GB`;
}

/** What is said of a file below its name: `1.2 MB`, `1.2 MB · 12 pages` */
export function factsText({ size, pages = null }) {
  if (pages === null) return sizeText(size);
  return `${sizeText(size)} · ${pages.toLocaleString("en")} ${pages === 1 ? "page" : "pages"}`;
}
