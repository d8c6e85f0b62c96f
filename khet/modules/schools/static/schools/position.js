// Dropping a pin: outlines and one marker; the two number fields stay the form and work alone.
const L = window.L;
const box = document.getElementById("pin-map");
const latitude = document.getElementById("id_latitude");
const longitude = document.getElementById("id_longitude");
const value = (field) => Number.parseFloat(field.value.replace(",", "."));
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

if (box && L && latitude && longitude) {
  box.hidden = false;
  const map = L.map(box, { attributionControl: false, zoomControl: true, keyboard: true, minZoom: 6, maxZoom: 18 });
  L.control.scale({ imperial: false }).addTo(map);
  const icon = L.divIcon({ html: '<span class="pin"></span>', iconSize: [22, 22], iconAnchor: [11, 25] });
  let pin = null;

  const place = (point, move) => {
    if (!pin) {
      pin = L.marker(point, { icon, draggable: true, keyboard: false, alt: "" }).addTo(map);
      pin.on("dragend", () => write(pin.getLatLng()));
    } else pin.setLatLng(point);
    if (move) map.setView(point, Math.max(map.getZoom() || 0, 12));
  };
  const write = (point) => {
    latitude.value = point.lat.toFixed(5);
    longitude.value = point.lng.toFixed(5);
    place(point, false);
  };
  const read = () => {
    const point = [value(latitude), value(longitude)];
    if (point.every(Number.isFinite)) place(point, true);
  };

  const start = [value(latitude), value(longitude)];
  map.setView(start.every(Number.isFinite) ? start : [13, 101], start.every(Number.isFinite) ? 12 : 6);
  if (start.every(Number.isFinite)) place(start, false);
  map.on("click", (event) => write(event.latlng));
  [latitude, longitude].forEach((field) => field.addEventListener("change", read));

  fetch(box.dataset.outlines, { credentials: "same-origin" }).then((answer) => answer.json()).then((outlines) => {
    if (!outlines.features.length) return;
    const tambons = { type: "FeatureCollection", features: outlines.features.filter((one) => one.properties.level === "tambon") };
    const districts = { type: "FeatureCollection", features: outlines.features.filter((one) => one.properties.level !== "tambon") };
    const layer = L.geoJSON(districts, {
      interactive: false,
      style: (feature) => ({ color: css("--line-field"), weight: 1.5, fillColor: feature.properties.code === box.dataset.here ? css("--map-2") : css("--surface"), fillOpacity: 1 }),
      onEachFeature: (feature, shape) => shape.bindTooltip(document.createTextNode(feature.properties.name).textContent.replace(/[<>&]/g, ""), { permanent: true, direction: "center", className: "pin-name" }),
    }).addTo(map);
    L.geoJSON(tambons, {
      interactive: false,
      style: (feature) => ({ color: css("--line-field"), weight: 1, dashArray: "3 3", fillColor: css("--map-2"), fillOpacity: feature.properties.code === box.dataset.tambon ? 0.6 : 0 }),
    }).addTo(map);
    const whole = districts.features.length ? layer.getBounds() : L.geoJSON(tambons).getBounds();
    if (!start.every(Number.isFinite)) map.fitBounds(whole);
  });

  const locate = document.querySelector("[data-locate]");
  if (locate && navigator.geolocation && window.isSecureContext) {
    locate.hidden = false;
    locate.addEventListener("click", () => navigator.geolocation.getCurrentPosition((found) => {
      const point = L.latLng(found.coords.latitude, found.coords.longitude);
      write(point);
      map.setView(point, 16);
    }));
  }
}
