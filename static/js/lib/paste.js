/**
 * Several lines that come from a code editor or a `<pre>`, as a Markdown code block.
 *
 * @param {DataTransfer} data
 * @returns {string | null} null for what is not code
 */
export function codeFrom(data) {
  const text = data.getData("text/plain").replace(/\r\n?/gu, "\n").replace(/\n+$/u, "");
  if (!text.includes("\n") || text.includes("```")) return null;
  const editor = data.getData("vscode-editor-data");
  if (editor === "" && !/<pre[\s>]/iu.test(data.getData("text/html"))) return null;
  return `\`\`\`${languageOf(editor)}\n${text}\n\`\`\`\n`;
}

function languageOf(editor) {
  try {
    const { mode } = JSON.parse(editor);
    return /^[a-z0-9+#-]{1,20}$/u.test(mode) && mode !== "plaintext" ? mode : "";
  } catch {
    return "";
  }
}
