import assert from "node:assert/strict";
import { test } from "node:test";

import { factsText, kindOf } from "../../../static/js/lib/files.js";

test("a PDF is shown as one, with its pages when they are known", () => {
  assert.equal(kindOf({ type: "application/pdf", width: null, height: null }), "pdf");
  assert.equal(factsText({ size: 1_234_567 }), "1.2 MB");
  assert.equal(factsText({ size: 840, pages: 1 }), "840 bytes · 1 page");
  assert.equal(factsText({ size: 840, pages: 3000 }), "840 bytes · 3,000 pages");
});
