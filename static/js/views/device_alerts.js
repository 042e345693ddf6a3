import { chime } from "../lib/chime.js";
import { setText, slot } from "../lib/dom.js";
import { setSound, soundIsOn } from "./alerts_view.js";
import { View } from "./view.js";

const STATES = {
  granted: "This browser shows notifications while Parley is open in it.",
  denied: "This browser does not let Parley show notifications. Its settings of this site can allow it again.",
  default: "Nothing is shown here while you look elsewhere.",
};
const PUSHED = "This browser shows notifications, also while Parley is closed.";

/** What one device does about notifications. */
export class DeviceAlerts extends View {
  #app;

  constructor(element, app) {
    super(element);
    this.#app = app;
    const sound = slot(element, "sound");
    sound.checked = soundIsOn();
    this.listen(sound, "change", () => {
      setSound(sound.checked);
      if (sound.checked) chime();
    });
    this.action("allow-alerts", async () => {
      await Notification.requestPermission();
      await this.#show();
    });
    this.action("push", () => this.#push());
    this.#show().finally(() => (element.hidden = false));
  }

  async #push() {
    if ((await Notification.requestPermission()) !== "granted") return void (await this.#show());
    try {
      await this.#app.push.turnOn();
    } catch (error) {
      this.#app.toasts.fail(`It was not turned on. ${error.detail ?? "The push service of this browser cannot be reached."}`);
      return void (await this.#show());
    }
    await this.#app.navigator.reload();
  }

  async #show() {
    const { push } = this.#app;
    const state = globalThis.Notification?.permission;
    const possible = state !== undefined && (await push.possible());
    setText(slot(this.element, "state"), push.on ? PUSHED : (STATES[state] ?? "This browser cannot show notifications."));
    this.#offer("allow-alerts", state === "default" && !possible);
    this.#offer("push", possible && state !== "denied" && !push.on);
  }

  #offer(action, offered) {
    this.element.querySelector(`[data-action="${action}"]`).hidden = !offered;
  }
}
