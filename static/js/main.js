import { App } from "./app.js";
import { setCookie } from "./lib/cookie.js";

setCookie("tz", Intl.DateTimeFormat().resolvedOptions().timeZone);

const boot = document.getElementById("parley-boot");
if (boot !== null) new App(JSON.parse(boot.textContent)).start();
