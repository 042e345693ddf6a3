const NAMES = {
  batch: "Batch",
  cpp: "C++",
  csharp: "C#",
  css: "CSS",
  fsharp: "F#",
  graphql: "GraphQL",
  html: "HTML",
  http: "HTTP",
  javascript: "JavaScript",
  json: "JSON",
  mysql: "MySQL",
  nginx: "nginx",
  "objective-c": "Objective-C",
  php: "PHP",
  postgresql: "PostgreSQL",
  powershell: "PowerShell",
  protobuf: "Protocol Buffers",
  pycon: "Python",
  pytb: "Python",
  scss: "SCSS",
  splus: "R",
  sql: "SQL",
  toml: "TOML",
  typescript: "TypeScript",
  xml: "XML",
  yaml: "YAML",
};

/** @param {string} className of a `<code>` that the server rendered @returns {string} "Python", or "" for none */
export function languageOf(className) {
  const name = /(?:^|\s)language-(\S+)/u.exec(className)?.[1] ?? "";
  return NAMES[name] ?? name.charAt(0).toUpperCase() + name.slice(1);
}
