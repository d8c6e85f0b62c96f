// The live map: the office's own outlines, schools as marks, layers to choose. Without it the table and the PDF say the same.
const L = window.L;
const box = document.getElementById("area-map");
const said = document.querySelector("[data-map-said]");
const card = document.querySelector("[data-map-card]");
const say = (words) => { if (said) { said.textContent = words; said.hidden = !words; } };
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const make = (name, attributes = {}, ...children) => {
  const element = document.createElement(name);
  Object.entries(attributes).forEach(([key, value]) => element.setAttribute(key, value));
  element.append(...children);
  return element;
};

// The form needs no button where there is script.
document.querySelector("[data-map-show]")?.addEventListener("change", (event) => {
  const form = event.currentTarget;
  if (event.target.name === "show" && event.target.value === "indicator" && form.figure && !form.figure.value) { form.figure.focus(); return; }
  if (event.target.name === "show" && event.target.value !== "indicator" && form.figure) form.figure.value = "";
  if (event.target.name === "figure" && event.target.value) form.show.value = "indicator";
  form.requestSubmit();
});

const metres = (a, b) => {
  const middle = ((a.y + b.y) / 2) * Math.PI / 180;
  const bend = 1 - 0.00669437999014 * Math.sin(middle) ** 2;
  const across = (b.x - a.x) * Math.PI / 180 * 6378137 / Math.sqrt(bend) * Math.cos(middle);
  const along = (b.y - a.y) * Math.PI / 180 * 6378137 * (1 - 0.00669437999014) / bend ** 1.5;
  return Math.hypot(across, along);
};

if (box && L) {
  box.hidden = false;
  const words = box.dataset;
  const map = L.map(box, { attributionControl: Boolean(words.tiles && words.tilesBy), zoomControl: true, keyboard: true, minZoom: 7, maxZoom: 18, zoomSnap: 0.25 });
  map.setView([13, 101], 7);
  L.control.scale({ imperial: false }).addTo(map);
  const north = L.control({ position: "topright" });
  north.onAdd = () => {
    return make("div", { class: "map-north-arrow", "aria-hidden": "true" }, make("span", { class: "map-north-point" }), words.wordsNorth);
  };
  north.addTo(map);
  for (const [name, level] of [["ground", 250], ["service", 300], ["struck", 330], ["inner", 350], ["borders", 360]]) map.createPane(name).style.zIndex = level;
  map.getPane("inner").style.pointerEvents = "none";
  map.getPane("borders").style.pointerEvents = "none";
  const layers = {};
  let tiles = null;
  if (words.tiles) {
    tiles = L.tileLayer(words.tiles, { attribution: document.createTextNode(words.tilesBy || "").textContent.replace(/[<>&]/g, "") });
    layers.tiles = tiles.addTo(map);
  }
  const marks = new Map();

  const name = (shape, text, kind) => shape.bindTooltip(make("span", {}, text), { permanent: true, direction: "center", className: `map-place ${kind}`, interactive: false });

  const choose = (one, all, page, unit, focus) => {
    marks.forEach((mark) => mark.getElement()?.querySelector(".map-mark")?.classList.remove("is-chosen"));
    marks.get(one.id)?.getElement()?.querySelector(".map-mark")?.classList.add("is-chosen");
    const nearest = all.filter((other) => other.id !== one.id).map((other) => [metres(one, other) / 1000, other]).sort((a, b) => a[0] - b[0]).slice(0, 4);
    const facts = [one.place, one.levels, one.network, one.pupils === null ? "" : `${one.pupils.toLocaleString()} ${words.wordsPeople}`].filter(Boolean).join(" · ");
    const parts = [make("h2", {}, one.name), make("p", {}, facts)];
    if (one.value) parts.push(make("p", {}, make("strong", {}, `${one.value} ${unit}`)));
    if (!one.sure) parts.push(make("p", { class: "fact-source" }, words.wordsUnsure));
    if (nearest.length) {
      parts.push(make("p", {}, words.wordsNearest));
      parts.push(make("ol", {}, ...nearest.map(([km, other]) => make("li", {}, `${other.name} `, make("span", { class: "fact-source" }, `${one.sure && other.sure ? "" : "~"}${km.toFixed(1)} ${words.wordsKm}`)))));
    }
    parts.push(make("p", {}, make("a", { href: page.replace("/0/", `/${one.id}/`) }, words.wordsOpen)));
    card.replaceChildren(...parts);
    card.hidden = false;
    if (focus) card.scrollIntoView({ block: "nearest" });
  };

  const markOf = (one) => {
    const show = words.show;
    let kind = `mark-${one.kind} mark-size-${show === "size" ? one.size || 1 : 3}${one.sure ? "" : " is-estimated"}`;
    if (show === "network") kind = "mark-number";
    if (show === "indicator") kind = one.step ? `mark-step mark-step-${one.step}` : "mark-nothing";
    const inner = make("span", { class: `map-mark ${kind}` }, show === "network" && one.number ? String(one.number) : "");
    return L.divIcon({ html: inner, iconSize: [26, 26], iconAnchor: [13, 13], className: "leaflet-div-icon map-spot" });
  };

  const draw = (found) => {
    const fitted = L.latLngBounds([]);
    const ground = L.geoJSON({ type: "FeatureCollection", features: found.districts }, {
      pane: "ground", interactive: false,
      style: (feature) => ({ color: css("--line-2"), weight: feature.properties.own ? 0 : 0.8, fillColor: feature.properties.own ? css("--surface") : css("--ground"), fillOpacity: words.tiles ? 0.35 : 1 }),
    }).addTo(map);
    L.geoJSON({ type: "FeatureCollection", features: found.districts.filter((one) => one.properties.own) }, {
      pane: "borders", interactive: false, style: { color: css("--line-field"), weight: 1.6, fill: false },
      onEachFeature: (feature, shape) => { fitted.extend(shape.getBounds()); name(shape, feature.properties.name, ""); },
    }).addTo(map);
    const tambons = L.geoJSON({ type: "FeatureCollection", features: found.tambons }, {
      pane: "inner", interactive: false, style: { color: css("--line-2"), weight: 1, dashArray: "3 3", fill: false },
    });
    const names = L.layerGroup(tambons.getLayers().map((shape) => {
      const at = shape.getBounds().getCenter();
      return name(L.marker(at, { icon: L.divIcon({ className: "leaflet-div-icon", iconSize: [0, 0] }), interactive: false, keyboard: false }), shape.feature.properties.name, "is-tambon");
    }));
    layers.tambons = L.layerGroup([tambons]).addTo(map);
    const near = () => { const on = map.hasLayer(layers.tambons) && map.getZoom() >= 11; if (on) names.addTo(map); else names.remove(); };
    map.on("zoomend", near);
    layers.tambons.on("add remove", near);

    for (const one of found.schools) {
      const mark = L.marker([one.y, one.x], { icon: markOf(one), title: one.name, alt: one.name, keyboard: true, riseOnHover: true });
      mark.on("click keypress", (event) => { if (event.type === "click" || event.originalEvent.key === "Enter") choose(one, found.schools, found.page, found.unit, true); });
      marks.set(one.id, mark.addTo(map));
      fitted.extend([one.y, one.x]);
    }
    for (const event of found.events) {
      const spots = event.schools.map((struck) => [struck, found.schools.find((one) => one.id === struck.id)]).filter(([, one]) => one);
      layers[`event-${event.id}`] = L.layerGroup(spots.map(([struck, one]) => {
        const label = `${one.name}: ${struck.words}${struck.depth ? ` ${struck.depth} cm` : ""}`;
        const mark = L.marker([one.y, one.x], { icon: L.divIcon({ html: make("span", { class: `map-mark mark-${struck.state || "silent"}` }), iconSize: [26, 26], iconAnchor: [13, 13], className: "leaflet-div-icon" }), title: label, alt: label, zIndexOffset: struck.state === "closed" ? 2000 : 1000 });
        return mark.on("click", () => choose(one, found.schools, found.page, found.unit, true));
      }));
    }
    if (fitted.isValid()) map.fitBounds(fitted, { padding: [14, 14] });
    else say(words.wordsEmpty);
    if (found.origin === "hull") say(words.wordsHull);
    document.querySelectorAll("[data-school]").forEach((link) => link.closest("tr").addEventListener("mouseenter", () => {
      marks.forEach((mark, id) => mark.getElement()?.querySelector(".map-mark")?.classList.toggle("is-chosen", String(id) === link.dataset.school));
    }));
    document.querySelector("[data-map-layers]").hidden = false;
    document.querySelectorAll('[data-layer^="event-"][aria-pressed="true"]').forEach((one) => { layers[one.dataset.layer]?.addTo(map); show(one.dataset.layer, true); });
  };

  // The ground of all open emergencies is asked for once, when the first of their layers is switched on.
  let grounds = null;
  const struck = async (code) => {
    layers[code].hasGround = true;
    grounds ??= fetch(words.struck, { credentials: "same-origin" }).then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); });
    let found = null;
    try { found = await grounds; } catch (why) { grounds = null; layers[code].hasGround = false; throw why; }
    L.geoJSON({ type: "FeatureCollection", features: found.features.filter((one) => `event-${one.properties.event}` === code) }, {
      pane: "struck", style: { color: css("--accent"), weight: 1.6, fillColor: "url(#struck-hatch)", fillOpacity: 1 },
      onEachFeature: (feature, shape) => shape.bindTooltip(make("span", {}, feature.properties.words), { sticky: true }),
    }).addTo(layers[code]);
  };

  // What is switched on stands in the address, in the form and behind the buttons that print.
  const remember = () => {
    const on = [...document.querySelectorAll('[data-layer^="event-"][aria-pressed="true"]')].map((one) => one.dataset.layer.slice(6)).join(",");
    const put = (address) => { const to = new URL(address, location.href); if (on) to.searchParams.set("event", on); else to.searchParams.delete("event"); return to; };
    history.replaceState(history.state, "", put(location.href));
    document.querySelectorAll('a[href*="map.pdf?"]').forEach((link) => { const to = put(link.href); link.setAttribute("href", to.pathname + to.search); });
    const field = document.querySelector('[data-map-show] [name="event"]');
    if (field) { field.value = on; field.disabled = !on; }
  };

  const regions = async () => {
    const answer = await fetch(words.regions, { credentials: "same-origin" });
    const found = await answer.json();
    const group = L.geoJSON(found, {
      pane: "service",
      style: (feature) => ({ color: css("--accent"), weight: 1.2, dashArray: feature.properties.origin === "whole" ? null : "6 4", fillColor: css("--accent-tint"), fillOpacity: 0.45 }),
      onEachFeature: (feature, shape) => shape.bindTooltip(make("span", {}, `${feature.properties.name} · ${feature.properties.villages} ${words.wordsVillages}${feature.properties.origin === "whole" ? "" : " ~"}`), { sticky: true }),
    });
    if (found.features.some((one) => one.properties.origin !== "whole")) say(words.wordsGuessed);
    return group;
  };

  const show = async (code, on) => {
    document.querySelectorAll(`[data-event-key="${code}"]`).forEach((key) => { key.hidden = !on; });
    if (on && !layers[code].hasGround) await struck(code).catch(() => say(words.wordsFailed));
  };

  document.querySelector("[data-map-layers]")?.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-layer]");
    if (!button) return;
    const code = button.dataset.layer;
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    try {
      if (code === "regions" && on && !layers.regions) layers.regions = await regions();
    } catch { say(words.wordsFailed); return; }
    const layer = layers[code];
    if (!layer) return;
    if (on) layer.addTo(map); else { layer.remove(); if (code === "regions") say(""); }
    if (code.startsWith("event-")) { remember(); await show(code, on); }
  });

  fetch(words.source, { credentials: "same-origin" }).then((answer) => { if (!answer.ok) throw new Error(answer.status); return answer.json(); }).then(draw).catch(() => say(words.wordsFailed));
}
