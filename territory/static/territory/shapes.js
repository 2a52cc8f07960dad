// The map over a text area of shapes (territory/geometry.py). The text area is what the form sends: the map reads it
// and writes it, and lines that cannot be read stay in it.
(() => {
  "use strict";

  const NUMBER = "[+-]?\\d+(?:\\.\\d+)?";
  const POINT = new RegExp(`^(${NUMBER}),(${NUMBER})$`);
  const METRES = 1000;
  const CONTROLS = 48;
  const REGION = [[50.763, 4.243], [50.914, 4.482]];
  const SHORTER = [[/\bSainte-/g, "Ste-"], [/\bS(?:ai|i)nt-/g, "St-"]];
  const DRAWN = { className: "vigie-shapes__drawn" };

  const rounded = (number, decimals) => String(Number(number.toFixed(decimals)));
  const written = ({ lat, lng }) => `${rounded(lat, 6)},${rounded(lng, 6)}`;

  function layerOf(line) {
    const words = line.trim().split(/\s+/);
    const points = words.map((word) => POINT.exec(word)?.slice(1).map(Number));
    if (words.length === 2 && points[0] && Number(words[1]) > 0) {
      return L.circle(points[0], { radius: Number(words[1]) * METRES, ...DRAWN });
    }
    if (points.length < 3 || points.includes(undefined)) return null;
    if (words.length > 3 && words[0] === words.at(-1)) points.pop();
    return L.polygon(points, DRAWN);
  }

  // The names that have room, the largest municipality's first; the others come with the zoom.
  function place(names) {
    const taken = [];
    for (const { tooltip, name } of names) {
      const element = tooltip.getElement();
      const shorter = SHORTER.reduce((text, [long, short]) => text.replace(long, short), name);
      const isFree = [name, shorter].some((text) => {
        tooltip.setContent(text);
        const box = element.getBoundingClientRect();
        if (taken.some((other) => overlap(box, other))) return false;
        taken.push(box);
        return true;
      });
      if (!isFree) tooltip.setContent(name);
      element.classList.toggle("vigie-shapes__name--crowded", !isFree);
    }
  }

  function overlap(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  }

  function lineOf(layer) {
    if (layer instanceof L.Circle) {
      return `${written(layer.getLatLng())} ${rounded(layer.getRadius() / METRES, 3)}`;
    }
    const points = layer.getLatLngs()[0].map(written);
    return [...points, points[0]].join(" ");
  }

  function enhance(container) {
    const area = document.getElementById(container.dataset.shapesMap);
    const note = document.querySelector(`[data-shapes-note="${container.dataset.shapesMap}"]`);
    const language = container.dataset.language;
    if (!area || container.dataset.ready) return;
    container.dataset.ready = "true";
    container.hidden = false;
    container.setAttribute("role", "region");
    container.setAttribute("aria-label", container.dataset.label);

    const map = L.map(container, { zoomSnap: 0.25, minZoom: 9, scrollWheelZoom: false });
    map.attributionControl.setPrefix(false).addAttribution("Statbel");
    map.setView([50.8387, 4.3635], 10.75);
    map.pm.setLang(language);
    map.pm.setGlobalOptions({ allowSelfIntersection: false, pathOptions: DRAWN });
    map.pm.addControls({
      position: "topleft",
      drawMarker: false,
      drawCircleMarker: false,
      drawPolyline: false,
      drawText: false,
      cutPolygon: false,
      rotateMode: false,
    });

    const drawn = L.featureGroup().addTo(map);
    let unread = [];

    function read() {
      drawn.clearLayers();
      unread = [];
      for (const line of area.value.split("\n").filter((text) => text.trim())) {
        const layer = layerOf(line);
        if (layer) watch(layer.addTo(drawn));
        else unread.push(line);
      }
      note.textContent = unread.length ? container.dataset.unread : "";
    }

    function write() {
      area.value = [...drawn.getLayers().map(lineOf), ...unread].join("\n");
      for (const name of ["input", "change"]) area.dispatchEvent(new Event(name, { bubbles: true }));
    }

    function watch(layer) {
      layer.on("pm:edit pm:dragend pm:markerdragend", write);
      layer.on("pm:remove", () => {
        drawn.removeLayer(layer);
        write();
      });
    }

    map.on("pm:create", ({ layer }) => {
      map.removeLayer(layer);
      // A rectangle is a polygon of four points.
      const kept = layer instanceof L.Circle ? layer : L.polygon(layer.getLatLngs(), DRAWN);
      watch(kept.addTo(drawn));
      write();
    });
    area.addEventListener("input", (event) => {
      if (event.isTrusted) read();
    });
    read();
    const names = [];
    map.on("zoomend", () => place(names));
    // A collapsed panel has no size until it is opened: nothing fits into it before.
    let isFitted = false;
    new ResizeObserver(() => {
      map.invalidateSize();
      if (isFitted || !container.offsetWidth) return;
      isFitted = true;
      if (drawn.getLayers().length) map.fitBounds(drawn.getBounds(), { maxZoom: 12, padding: [30, 30] });
      else map.fitBounds(REGION, { paddingTopLeft: [CONTROLS, 0] });
      place(names);
    }).observe(container);

    fetch(container.dataset.borders, { headers: { Accept: "application/json" } })
      .then((response) => response.json())
      .then((borders) => {
        L.geoJSON(borders, {
          interactive: false,
          pmIgnore: true,
          snapIgnore: true,
          style: { className: "vigie-shapes__border" },
          onEachFeature: ({ properties }, border) => {
            const [lon, lat] = properties.label_point;
            const name = properties[`name_${language}`] ?? properties.name_fr;
            const bounds = border.getBounds();
            const size = (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
            const tooltip = L.tooltip([lat, lon], {
              content: name,
              permanent: true,
              direction: "center",
              className: "vigie-shapes__name",
            });
            names.push({ tooltip: tooltip.addTo(map), name, size });
          },
        })
          .addTo(map)
          .bringToBack();
        names.sort((one, other) => other.size - one.size);
        place(names);
      });
  }

  function start() {
    document.querySelectorAll("[data-shapes-map]").forEach(enhance);
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
