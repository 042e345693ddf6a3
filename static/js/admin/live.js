import { setText, slot } from "../lib/dom.js";
import { BEAT_SECONDS, duration, latest, paths, series, top, written } from "./series.js";

const PATIENCE_MS = 8_000;
const WIDTH = 300;
const HEIGHT = 80;

/** Draws what the nodes tell, again every other second while the page is looked at. */
class Live {
  #element;

  constructor(element) {
    this.#element = element;
  }

  async run() {
    for (;;) {
      if (!document.hidden) await this.#refresh();
      await new Promise((resolve) => setTimeout(resolve, BEAT_SECONDS * 1000));
    }
  }

  async #refresh() {
    const state = slot(this.#element, "state");
    try {
      const response = await fetch(this.#element.dataset.live, {
        headers: { Accept: "application/json" },
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (response.redirected || response.status === 403) return location.reload(); // signed out
      if (!response.ok) throw new Error(`${response.status}`);
      this.#draw(await response.json());
      state.classList.remove("live-state--away");
    } catch {
      setText(state, "The server does not answer. Asking again …");
      state.classList.add("live-state--away");
    }
  }

  #draw({ nodes, rooms }) {
    const number = nodes.length;
    const told = number === 1 ? "1 node" : `${number} nodes`;
    setText(slot(this.#element, "state"), number === 0 ? "No node has told of itself yet." : `${told}, live.`);
    for (const chart of this.#element.querySelectorAll("[data-chart]")) drawChart(chart, nodes);
    slot(this.#element, "nodes").replaceChildren(...nodes.map(nodeRow));
    slot(this.#element, "rooms").replaceChildren(...rooms.map(roomRow));
    slot(this.#element, "no-rooms").hidden = rooms.length > 0;
  }
}

function drawChart(chart, nodes) {
  const name = chart.dataset.chart;
  const isShare = name === "late";
  const points = series(nodes, name, Date.now() / 1000);
  const most = top(Math.max(isShare ? 0.01 : 1, ...points.map(({ value }) => value)));
  const { line, area } = paths(points, most, WIDTH, HEIGHT);
  slot(chart, "line").setAttribute("d", line);
  slot(chart, "area").setAttribute("d", area);
  setText(slot(chart, "now"), points.length === 0 ? "–" : written(points.at(-1).value, isShare));
  setText(slot(chart, "most"), written(most, isShare));
}

function nodeRow(node) {
  const { posts, deliveries, late } = latest(node);
  const { live = 0, open = 0, resuming = 0 } = node.sockets;
  return row(
    [node.name, duration(Date.now() / 1000 - node.started_at)],
    [written(live), written(open + resuming), written(posts), written(deliveries), written(late, true)],
  );
}

function roomRow({ name, address, listeners, per_minute: perMinute }) {
  const made = row([name], [written(listeners), written(perMinute)]);
  if (address !== null) {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = name;
    made.firstElementChild.replaceChildren(link);
  }
  return made;
}

function row(words, numbers) {
  const made = document.createElement("tr");
  for (const [index, text] of [...words, ...numbers].entries()) {
    const cell = document.createElement(index === 0 ? "th" : "td");
    if (index === 0) cell.scope = "row";
    if (index >= words.length) cell.className = "number";
    cell.textContent = text;
    made.append(cell);
  }
  return made;
}

for (const element of document.querySelectorAll("[data-live]")) new Live(element).run();
