// The report's script. The page says all without it; it adds looking closer: the tone line by pointer and keyboard, the
// network, a search of the text, evidence beside the pointer. Texts of the article only ever become text nodes.
"use strict";
(() => {
  const root = document.getElementById("explorer");
  if (!root) return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const SVG = root.querySelector("svg").namespaceURI;
  const make = (name, attributes = {}, text = "") => {
    const made = document.createElementNS(SVG, name);
    for (const key in attributes) made.setAttribute(key, attributes[key]);
    if (text) made.textContent = text;
    return made;
  };
  const element = (name, className, text) => {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };
  const signed = (value) => (value === null ? "—" : Math.abs(value) < 0.005 ? "0.00" : (value > 0 ? "+" : "−") + Math.abs(value).toFixed(2));
  const side = (value) => (value > 0.1 ? "positive" : value < -0.1 ? "negative" : "neutral");
  const CLASS = { positive: "pos", negative: "neg", neutral: "neu" };
  const control = (name) => root.querySelector("[name=" + name + "]");
  const drawing = root.querySelector("svg"), panel = root.querySelector(".panel"), status = root.querySelector(".status");
  const scene = make("g");
  drawing.append(scene);
  const narrow = () => root.clientWidth < 620;
  let size, nodes, edges, view, chosen = null;

  function pick() {
    const unit = data.units[control("unit").value];
    const only = control("kinds").value === "concepts", level = control("level").value;
    const most = Number(control("most").value);
    const fits = (edge) =>
      level === "all" || (level === "twice" ? edge[2] > 1 : (level === "p" ? edge[3] : edge[4]) <= 0.05);
    const kept = unit.edges.filter(
      (edge) => fits(edge) && (!only || (unit.nodes[edge[0]][1] === "concept" && unit.nodes[edge[1]][1] === "concept"))
    );
    // nodes come the most frequent first: the first of those that have an edge
    const linked = new Set(kept.flatMap((edge) => [edge[0], edge[1]]));
    const numbers = [...linked].sort((a, b) => a - b).slice(0, most);
    const place = new Map(numbers.map((number, at) => [number, at]));
    const largest = Math.max(1, ...numbers.map((number) => unit.nodes[number][2]));
    const crowd = Math.min(1, Math.sqrt(60 / numbers.length)); // the more there are, the smaller
    nodes = numbers.map((number) => {
      const [name, kind, count, score] = unit.nodes[number];
      return { name, kind, count, score, radius: (5 + 13 * Math.sqrt(count / largest)) * crowd, links: [] };
    });
    edges = kept
      .filter((edge) => place.has(edge[0]) && place.has(edge[1]))
      .map(([a, b, count, p, adjusted, tone, sentences]) => ({
        source: nodes[place.get(a)], target: nodes[place.get(b)], count, p, adjusted, tone, sentences,
      }));
    for (const edge of edges) { edge.source.links.push(edge); edge.target.links.push(edge); }
    status.textContent = nodes.length
      ? `${nodes.length} 个节点、${edges.length} 条线` +
        (linked.size > nodes.length ? `；另有 ${linked.size - nodes.length} 个节点不在图上` : "") + "。"
      : "没有合这些条件的关联，请放宽条件。";
  }

  // Fruchterman and Reingold's forces with a falling temperature, from a spiral: no chance in it, so always the same.
  function place() {
    const [width, height] = size, many = nodes.length;
    const ideal = 0.9 * Math.sqrt((width * height) / Math.max(1, many));
    nodes.forEach((node, at) => {
      const angle = at * 2.399963, far = Math.sqrt((at + 0.5) / many);
      node.x = width / 2 + Math.cos(angle) * far * width * 0.42;
      node.y = height / 2 + Math.sin(angle) * far * height * 0.42;
    });
    const rounds = many > 150 ? 120 : 220, pullIn = 2 * ideal; // what is linked to nothing stays in sight
    for (let round = 0; round < rounds; round++) {
      const heat = (ideal * 0.6 * (rounds - round)) / rounds;
      for (const node of nodes) { node.dx = ((width / 2 - node.x) * pullIn) / width; node.dy = ((height / 2 - node.y) * pullIn) / height; }
      for (let a = 0; a < many; a++)
        for (let b = a + 1; b < many; b++) {
          const one = nodes[a], other = nodes[b];
          const x = (one.x - other.x) * 0.75 || 0.01, y = one.y - other.y || 0.01; // labels are wider than high
          const far = x * x + y * y, push = (ideal * ideal) / Math.max(far, 25);
          one.dx += x * push; one.dy += y * push; other.dx -= x * push; other.dy -= y * push;
        }
      for (const { source, target, count } of edges) {
        const x = source.x - target.x, y = source.y - target.y, far = Math.hypot(x, y) || 1;
        const share = Math.min(1, 3 / Math.sqrt(source.links.length * target.links.length));
        const pull = (far / ideal) * share * Math.min(2, 0.6 + count / 4);
        source.dx -= x * pull; source.dy -= y * pull; target.dx += x * pull; target.dy += y * pull;
      }
      for (const node of nodes) {
        const far = Math.hypot(node.dx, node.dy) || 1, step = Math.min(far, heat) / far;
        node.x += node.dx * step;
        node.y += node.dy * step;
      }
    }
    // To the size of the stage, each axis by itself; names need room at the sides and below
    const fit = (axis, from, to) => {
      const values = nodes.map((node) => node[axis]), low = Math.min(...values), range = Math.max(...values) - low;
      for (const node of nodes) node[axis] = range > 1 ? from + ((node[axis] - low) / range) * (to - from) : (from + to) / 2;
    };
    fit("x", 46, width - 46);
    fit("y", 22, height - 34);
    if (many <= 100) part(width, height);
  }

  // Nodes with the names below them are pushed off each other, the shorter way, while there is room.
  function part(width, height) {
    const half = (node) => Math.max(node.radius + 3, node.name.length * 6.6 + 2);
    for (let round = 0; round < 80; round++) {
      let moved = false;
      nodes.forEach((one, at) => {
        for (const other of nodes.slice(0, at)) {
          const x = half(one) + half(other) - Math.abs(one.x - other.x);
          const above = one.y < other.y ? one : other, below = above === one ? other : one;
          const y = above.y + above.radius + 17 - (below.y - below.radius);
          if (x <= 0 || y <= 0) continue;
          moved = true;
          if (x < y) { const way = one.x < other.x ? -1 : 1; one.x += (way * x) / 2; other.x -= (way * x) / 2; }
          else { above.y -= y / 2; below.y += y / 2; }
        }
      });
      for (const node of nodes) {
        node.x = Math.min(width - half(node), Math.max(half(node), node.x));
        node.y = Math.min(height - node.radius - 18, Math.max(node.radius + 4, node.y));
      }
      if (!moved) break;
    }
  }

  const SHAPES = {
    concept: (r) => make("circle", { r }),
    term: (r) => make("rect", { x: -r * 0.8, y: -r * 0.8, width: r * 1.6, height: r * 1.6, rx: 2 }),
    person: (r) => make("path", { d: `M0 ${-r * 1.2} L${r * 1.1} ${r * 0.8} L${-r * 1.1} ${r * 0.8} Z` }),
    product: (r) => make("path", { d: `M0 ${-r * 1.2} L${r * 1.2} 0 L0 ${r * 1.2} L${-r * 1.2} 0 Z` }),
    organisation: (r) => make("path", { d: `M${-r} ${-r * 0.6} L0 ${-r * 1.1} L${r} ${-r * 0.6} L${r} ${r * 0.6} L0 ${r * 1.1} L${-r} ${r * 0.6} Z` }),
  };

  function draw() {
    scene.replaceChildren();
    const heavy = Math.max(1, ...edges.map((edge) => edge.count));
    for (const edge of edges) {
      edge.shape = make("g", { class: "edge " + side(edge.tone), role: "button", tabindex: "-1" });
      edge.shape.append(
        make("title", {}, `${edge.source.name} — ${edge.target.name}：同${data.units[control("unit").value].word} ${edge.count} 次，均分 ${signed(edge.tone)}`),
        make("line", { class: "grip" }),
        make("line", { class: "ink", "stroke-width": (1 + (5 * edge.count) / heavy).toFixed(1) })
      );
      edge.shape.addEventListener("click", () => showEdge(edge));
      scene.append(edge.shape);
    }
    for (const node of nodes) {
      node.shape = make("g", { class: `node ${node.kind} ${side(node.score)}`, role: "button", tabindex: node === nodes[0] ? "0" : "-1",
        "aria-label": `${data.kinds[node.kind]} ${node.name}，${node.count} 处，均分 ${signed(node.score)}，${node.links.length} 条线` });
      node.label = make("text", { y: node.radius + 13 }, node.name);
      node.shape.append(make("title", {}, `${data.kinds[node.kind]}：${node.name}，${node.count} ${data.units[control("unit").value].word}，均分 ${signed(node.score)}`), SHAPES[node.kind](node.radius), node.label);
      node.shape.addEventListener("pointerdown", (event) => grab(event, node));
      node.shape.addEventListener("click", () => showNode(node));
      node.shape.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); showNode(node); }
        // one stop for the Tab key; the arrows go through the nodes, the most frequent first
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const next = nodes[(nodes.indexOf(node) + step + nodes.length) % nodes.length];
        node.shape.setAttribute("tabindex", "-1");
        next.shape.setAttribute("tabindex", "0");
        next.shape.focus();
      });
      for (const [name, on] of [["pointerenter", true], ["focus", true], ["pointerleave", false], ["blur", false]])
        node.shape.addEventListener(name, () => hover(on ? node : null));
      scene.append(node.shape);
    }
    move();
    label();
  }

  function move() {
    for (const { shape, source, target } of edges)
      for (const line of shape.querySelectorAll("line")) {
        line.setAttribute("x1", source.x.toFixed(1)); line.setAttribute("y1", source.y.toFixed(1));
        line.setAttribute("x2", target.x.toFixed(1)); line.setAttribute("y2", target.y.toFixed(1));
      }
    for (const node of nodes) node.shape.setAttribute("transform", `translate(${node.x.toFixed(1)} ${node.y.toFixed(1)})`);
  }

  // A name is written where no more frequent one stands; the others show when pointed at, or closer to.
  function label() {
    const taken = [], scale = size[0] / view.width;
    for (const node of nodes) {
      const half = (node.name.length * 6.6 + 3) / scale, top = node.y + node.radius;
      const box = [node.x - half, top, node.x + half, top + 17 / scale];
      const free = taken.every((other) => box[2] < other[0] || other[2] < box[0] || box[3] < other[1] || other[3] < box[1]);
      node.label.classList.toggle("culled", !free);
      node.label.style.fontSize = (13 / scale).toFixed(2) + "px";
      node.label.setAttribute("y", (node.radius + 13 / scale).toFixed(1));
      if (free) taken.push(box);
    }
  }

  function hover(node) {
    const near = new Set(node ? node.links.flatMap((edge) => [edge.source, edge.target]) : []);
    if (node) near.add(node);
    for (const other of nodes) {
      other.shape.classList.toggle("far", !!node && !near.has(other));
      other.shape.classList.toggle("near", !!node && near.has(other));
    }
    for (const edge of edges) edge.shape.classList.toggle("far", !!node && edge.source !== node && edge.target !== node);
  }

  function look(next) {
    const width = Math.min(size[0] * 1.5, Math.max(size[0] / 8, next.width));
    view = { x: next.x, y: next.y, width, height: (width * size[1]) / size[0] };
    drawing.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
    label();
  }
  function zoom(by, x = view.x + view.width / 2, y = view.y + view.height / 2) {
    const width = Math.min(size[0] * 1.5, Math.max(size[0] / 8, view.width * by)), real = width / view.width;
    look({ x: x - (x - view.x) * real, y: y - (y - view.y) * real, width });
  }
  const at = (event) => {
    const box = drawing.getBoundingClientRect();
    return [view.x + ((event.clientX - box.left) / box.width) * view.width, view.y + ((event.clientY - box.top) / box.height) * view.height];
  };
  function follow(event, moved) {
    drawing.setPointerCapture(event.pointerId);
    const stop = () => { drawing.removeEventListener("pointermove", moved); drawing.removeEventListener("pointerup", stop); drawing.removeEventListener("pointercancel", stop); };
    drawing.addEventListener("pointermove", moved); drawing.addEventListener("pointerup", stop); drawing.addEventListener("pointercancel", stop);
  }
  function grab(event, node) {
    event.stopPropagation();
    const [x, y] = at(event), from = [node.x - x, node.y - y];
    let dragged = false;
    const moved = (next) => {
      const [nx, ny] = at(next);
      if (!dragged && Math.hypot(nx - x, ny - y) < 4) return;
      if (!dragged) { dragged = true; drawing.setPointerCapture(event.pointerId); }
      node.x = nx + from[0]; node.y = ny + from[1];
      move();
    };
    const stop = () => { window.removeEventListener("pointermove", moved); window.removeEventListener("pointerup", stop); if (dragged) label(); };
    window.addEventListener("pointermove", moved); window.addEventListener("pointerup", stop);
  }
  drawing.addEventListener("pointerdown", (event) => {
    if (event.target.closest(".node, .edge") || event.pointerType === "touch") return;
    let [x, y] = at(event);
    follow(event, (next) => { const [nx, ny] = at(next); look({ x: view.x - (nx - x), y: view.y - (ny - y), width: view.width }); [x, y] = at(next); });
  });
  drawing.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    zoom(event.deltaY > 0 ? 1.15 : 1 / 1.15, ...at(event));
  }, { passive: false });

  function quotes(sentences, names, limit) {
    const list = element("ol", "quotes");
    for (const index of sentences.slice(0, limit)) {
      const [text, ordinal, score, href] = data.sentences[index];
      const item = element("li"), link = element("a", "at", ordinal || "标题"), body = element("span");
      link.href = href;
      const spans = names.flatMap((name) => (data.marks[name] || {})[index] || []).sort((a, b) => a[0] - b[0]);
      let done = 0;
      const points = [...text]; // places count characters, not UTF-16 units
      for (const [start, end] of spans) {
        if (start < done) continue;
        body.append(points.slice(done, start).join(""), element("b", "hit", points.slice(start, end).join("")));
        done = end;
      }
      body.append(points.slice(done).join(""));
      item.append(link, body, " ");
      if (ordinal) item.append(element("span", "score " + CLASS[side(score)], signed(score)));
      list.append(item);
    }
    return list;
  }
  function mark(shape) {
    if (chosen) chosen.classList.remove("chosen");
    chosen = shape;
    shape.classList.add("chosen");
  }
  const chance = (p) => (p === null ? "—" : p < 0.001 ? "< 0.001" : p.toFixed(3));
  function facts(edge) {
    return `同${data.units[control("unit").value].word} ${edge.count} 次，均分 ${signed(edge.tone)}，p ${chance(edge.p)}（校正后 ${chance(edge.adjusted)}）`;
  }
  function showEdge(edge) {
    mark(edge.shape);
    const { source, target } = edge;
    panel.replaceChildren(
      element("h3", "", `${source.name} — ${target.name}`), element("p", "muted small", facts(edge)),
      quotes(edge.sentences, [source.name, target.name], 8)
    );
  }
  function showNode(node) {
    mark(node.shape);
    panel.replaceChildren(
      element("h3", "", node.name),
      element("p", "muted small", `${data.kinds[node.kind]}，${node.count} ${data.units[control("unit").value].word}，均分 ${signed(node.score)}；与 ${node.links.length} 个相连`)
    );
    const list = element("ul", "near");
    for (const edge of [...node.links].sort((a, b) => b.count - a.count).slice(0, 12)) {
      const other = edge.source === node ? edge.target : edge.source;
      const item = element("li"), button = element("button", "", `${other.name} ${edge.count}`);
      button.type = "button";
      button.addEventListener("click", () => { showEdge(edge); panel.focus(); });
      item.append(button);
      list.append(item);
    }
    const sentences = [...new Set(node.links.flatMap((edge) => edge.sentences))].sort((a, b) => a - b)
      .filter((index) => (data.marks[node.name] || {})[index]);
    panel.append(list, quotes(sentences, [node.name], 12));
  }

  function update() {
    size = narrow() ? [360, 440] : [760, 500];
    chosen = null;
    pick();
    view = { x: 0, y: 0, width: size[0], height: size[1] };
    place();
    draw();
    look(view);
    panel.replaceChildren(element("p", "muted small", "点一个节点或一条线，这里列出原句。节点可以拖动；用按钮或 Ctrl 加滚轮缩放；键盘用方向键在节点间走，回车选中。"));
  }
  for (const name of ["unit", "kinds", "level", "most"]) control(name).addEventListener("change", update);
  for (const button of root.querySelectorAll("[data-zoom]"))
    button.addEventListener("click", () => (button.dataset.zoom === "0" ? look({ x: 0, y: 0, width: size[0] }) : zoom(Number(button.dataset.zoom))));
  control("unit").value = data.unit;
  root.hidden = false;
  document.documentElement.classList.add("scripted"); // hides what stands in for this
  update();
})();

// The tone line: what the pointer or the slider is at is read out below.
(() => {
  const scrub = document.querySelector(".scrub");
  if (!scrub) return;
  const bars = [...document.querySelectorAll(".strip a")], slider = scrub.querySelector("input"), readout = scrub.querySelector(".readout");
  let current = null;
  function show(bar) {
    if (current) current.classList.remove("at-bar");
    current = bar;
    bar.classList.add("at-bar");
    const told = bar.querySelector("title").textContent, colon = told.indexOf("："), link = document.createElement("a");
    link.href = bar.getAttribute("href");
    link.className = "at";
    link.textContent = "看原文";
    readout.className = "readout " + bar.querySelectorAll("rect")[1].getAttribute("class");
    const score = document.createElement("b");
    score.textContent = told.slice(0, colon);
    readout.replaceChildren(score, " ", link, document.createElement("br"), told.slice(colon + 1));
    slider.setAttribute("aria-valuetext", told);
    slider.value = bar.dataset.bar;
  }
  for (const bar of bars) bar.addEventListener("pointerenter", () => show(bar));
  slider.addEventListener("input", () => show(bars[Number(slider.value)]));
  slider.addEventListener("keydown", (event) => { if (event.key === "Enter") bars[Number(slider.value)].dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true })); });
  scrub.hidden = false;
  show(bars.reduce((low, bar) => (Number(bar.dataset.score) < Number(low.dataset.score) ? bar : low), bars[0]));
})();

// The text: search with context, folding, and the note of a sentence beside the pointer.
(() => {
  const text = document.getElementById("text"), finder = document.getElementById("finder");
  if (!finder) return;
  const field = finder.querySelector("input"), count = finder.querySelector(".found-count"), list = finder.querySelector("ol");
  const MOST = 100, AROUND = 18;
  const places = [...text.querySelectorAll("[id^=t]")].map((place) => [place, place.textContent]);
  function find() {
    const wanted = field.value.trim().toLowerCase();
    const found = [];
    let total = 0;
    if (wanted)
      for (const [place, words] of places) {
        const lower = words.toLowerCase();
        if (lower.length !== words.length) continue;
        for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
          total += 1;
          if (found.length === MOST) continue;
          const item = document.createElement("li"), link = document.createElement("a"), hit = document.createElement("b"), end = at + wanted.length;
          link.className = "at";
          link.href = "#" + place.id;
          link.textContent = "原文";
          hit.className = "hit";
          hit.textContent = words.slice(at, end);
          item.append(link, (at > AROUND ? "…" : "") + words.slice(Math.max(0, at - AROUND), at), hit, words.slice(end, end + AROUND) + (end + AROUND < words.length ? "…" : ""));
          found.push(item);
        }
      }
    list.replaceChildren(...found);
    count.textContent = !wanted ? "" : total ? `${total} 处${total > MOST ? `，这里列出前 ${MOST} 处` : ""}` : "没有找到";
  }
  field.addEventListener("input", find);
  for (const button of finder.querySelectorAll("[data-fold]"))
    button.addEventListener("click", () => { for (const section of text.querySelectorAll("details.sec")) section.open = button.dataset.fold === "open"; });
  finder.hidden = false;

  function unfold() {
    const target = document.getElementById(location.hash.slice(1));
    const folded = target && target.closest("details:not([open])");
    if (folded) { folded.open = true; target.scrollIntoView(); }
  }
  addEventListener("hashchange", unfold);
  unfold();
  addEventListener("beforeprint", () => { for (const section of text.querySelectorAll("details.sec")) section.open = true; });

  const tip = document.createElement("div");
  tip.className = "tip";
  tip.hidden = true;
  tip.setAttribute("aria-hidden", "true"); // the table below each section says the same
  document.body.append(tip);
  let told = null;
  function hide() { if (told) told.title = tip.textContent; told = null; tip.hidden = true; }
  text.addEventListener("pointerover", (event) => {
    const sentence = event.target.closest(".s");
    if (sentence === told) return;
    hide();
    if (!sentence || !sentence.title) return;
    told = sentence;
    tip.textContent = sentence.title;
    sentence.removeAttribute("title"); // or the browser would show it again
    tip.hidden = false;
    const box = [...sentence.getClientRects()].find((line) => event.clientY <= line.bottom) || sentence.getBoundingClientRect();
    tip.style.left = Math.max(12, Math.min(event.clientX - 20, innerWidth - tip.offsetWidth - 12)) + scrollX + "px";
    tip.style.top = box.bottom + scrollY + 6 + "px";
  });
  text.addEventListener("pointerleave", hide);
})();
