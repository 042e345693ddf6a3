import { chime } from "../lib/chime.js";
import { setText, slot } from "../lib/dom.js";
import { setSound, soundIsOn } from "./alerts_view.js";
import { View } from "./view.js";

const STATES = {
  granted: "This browser shows notifications while Parley is open in it and you look elsewhere.",
  denied: "This browser does not let Parley show notifications. Its settings of this site can allow it again.",
  default: "This browser has not been asked yet whether Parley may show notifications.",
};

/** What one device does about notifications: it remembers that by itself. */
export class DeviceAlerts extends View {
  constructor(element) {
    super(element);
    const sound = slot(element, "sound");
    sound.checked = soundIsOn();
    this.listen(sound, "change", () => {
      setSound(sound.checked);
      if (sound.checked) chime();
    });
    this.action("allow-alerts", async () => {
      await Notification.requestPermission();
      this.#show();
    });
    this.#show();
    element.hidden = false;
  }

  #show() {
    const state = globalThis.Notification?.permission;
    setText(slot(this.element, "state"), STATES[state] ?? "This browser cannot show notifications.");
    this.element.querySelector('[data-action="allow-alerts"]').hidden = state !== "default";
  }
}
