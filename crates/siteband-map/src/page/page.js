"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const question = siteband.question(data);
  const { map } = data;
  const { element, fixed } = sitebandMap;
  const byId = (id) => document.getElementById(id);
  let state = question.start();
  let chosen = null;
  let result = null;
  const [SHOWN, LABELLED, WAYS] = [15, 12, 3];
  let shown = SHOWN;

  // ---- words ------------------------------------------------------------------------------------------------------------------

  const html = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (typeof value === "boolean") made[key] = value;
      else made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  };
  const percent = (p) => {
    const hundred = 100 * p;
    if (hundred === 0) return "0 %";
    if (hundred < 0.05) return "< 0.1 %";
    if (hundred > 99.95 && hundred < 100) return "> 99.9 %";
    return `${hundred.toFixed(1)} %`;
  };
  const signed = (value) => {
    if (!Number.isFinite(value)) return value < 0 ? "excluded" : "certain";
    const rounded = Math.round(value * 10) / 10;
    return rounded === 0 ? "0.0" : `${rounded < 0 ? "\u2212" : "+"}${Math.abs(rounded).toFixed(1)}`;
  };
  const km = (m) => `${(m / 1000).toFixed(1)} km`;
  const { sites } = data;
  const statementOf = (id) => question.statements.find((statement) => statement.id === id);
  const words = (statement) => {
    if (!statement.claim) return statement.meaning;
    const { number, hedge } = state.claims[statement.id];
    const to = statement.claim.to ? `\u2013${siteband.offsetText(statement.claim.to)}` : "";
    return `${hedge ? `${hedge} ` : ""}${siteband.offsetText(number)}${to} ${statement.claim.unit} \u2026 ${statement.feature.name}`;
  };

  // ---- controls -----------------------------------------------------------------------------------------------------------------

  const select = (options, value, label, change) => {
    const made = html("select", { "aria-label": label, onchange: () => change(made.value) });
    for (const [option, text] of options) made.append(html("option", { value: option, selected: option === value }, text));
    return made;
  };
  const range = (value, label, change, [min, max, step] = [0, 1, 0.01]) => {
    const out = html("output", {}, percent(value));
    const made = html("input", { type: "range", min, max, step, value, "aria-label": label, oninput: () => {
      out.textContent = percent(Number(made.value));
      change(Number(made.value));
    } });
    return [made, out];
  };
  const controlsOfClaim = (statement) => {
    const of = state.claims[statement.id];
    const on = html("input", { type: "checkbox", checked: of.on, id: `on-${statement.id}`, onchange: () => { of.on = on.checked; update(); } });
    const row = html("div", { class: "row" }, html("label", {}, on, html("strong", { dir: "auto" }, statement.id)));
    if (statement.claim) {
      row.append(select([["", "(no hedge)"], ...data.hedges.map(({ name }) => [name, name])], of.hedge ?? "", `Hedge of ${statement.id}`,
        (value) => { of.hedge = value || null; update(); }));
      const field = html("input", { type: "text", inputmode: "decimal", id: `number-${statement.id}`, value: siteband.offsetText(of.number), "aria-label": `Number of ${statement.id}` });
      const set = (number) => {
        field.setCustomValidity(number ? "" : "a number above zero, with a point for decimals");
        if (number) { of.number = number; update(); } else field.reportValidity();
      };
      field.addEventListener("input", () => {
        const same = field.value === siteband.offsetText(statement.claim.number);
        set(same ? statement.claim.number : siteband.offsetOf(field.value));
      });
      const move = (sign) => {
        const value = of.number.value + sign * siteband.significantDigit(of.number);
        if (value <= 0) return;
        const text = siteband.offsetText({ ...of.number, value });
        field.value = text;
        set(text === siteband.offsetText(statement.claim.number) ? statement.claim.number : { ...of.number, value });
      };
      const isRange = Boolean(statement.claim.to);
      field.disabled = isRange;
      row.append(
        html("button", { type: "button", "aria-label": `Less, ${statement.id}`, disabled: isRange, onclick: () => move(-1) }, "\u2212"), field,
        html("button", { type: "button", "aria-label": `More, ${statement.id}`, disabled: isRange, onclick: () => move(1) }, "+"),
        html("span", {}, statement.claim.unit),
      );
    }
    const said = html("p", { class: "quiet", dir: "auto" }, statement.text ? `\u201c${statement.text}\u201d` : statement.meaning);
    const note = statement.note && statement.note !== statement.text ? html("p", { class: "quiet", dir: "auto" }, `(${statement.note})`) : "";
    return html("div", { class: "said" }, row, said, note);
  };
  const controls = () => {
    const box = byId("controls");
    box.replaceChildren(html("fieldset", {}, html("legend", {}, "The whole question"), html("div", { class: "row" },
      html("label", {}, "Read as ", select(data.readings.map(({ name }) => [name, name]), state.reading, "Reading", (value) => { state.reading = value; update(); })),
      html("label", {}, "Prior for none of these ", ...range(state.prior_none, "Prior for none of these", (value) => { state.prior_none = value; update(); }, [0.01, 0.99, 0.01])))));
    for (const source of data.sources) {
      const of = data.statements.filter((statement) => statement.source === source.id);
      box.append(html("fieldset", {}, html("legend", { dir: "auto" }, source.id),
        html("label", {}, "Taken to be right with ", ...range(state.reliability[source.id], `Reliability of ${source.id}`, (value) => { state.reliability[source.id] = value; update(); })),
        ...of.map((statement) => controlsOfClaim(question.statements.find(({ id }) => id === statement.id)))));
    }
  };

  // ---- the map --------------------------------------------------------------------------------------------------------------------

  const bytesOf = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer;
  const pixels = (text) => {
    const tenths = new Int16Array(bytesOf(text));
    return Array.from({ length: tenths.length / 2 }, (_, at) => (tenths[2 * at] === -32768 ? null : [tenths[2 * at] / 10, tenths[2 * at + 1] / 10]));
  };
  const siteXy = pixels(map.sites_xy);
  const placeXy = pixels(map.places_xy);
  const grids = Object.fromEntries(Object.entries(map.grids).map(([id, text]) => [id, new Float32Array(bytesOf(text))]));
  const nearestXy = Object.fromEntries(Object.entries(map.nearest_xy).map(([id, text]) => [id, pixels(text)]));
  const layer = (name) => byId(`map-${name}`);

  const ramp = (share) => {
    const at = Math.min(Math.max(share, 0), 1) * (map.ramp.length - 1);
    const below = Math.min(Math.floor(at), map.ramp.length - 2);
    const mixed = map.ramp[below].map((channel, of) => Math.round(channel + (at - below) * (map.ramp[below + 1][of] - channel)));
    return `rgb(${mixed.join(",")})`;
  };

  const drawBands = () => {
    const box = layer("bands");
    for (const drawn of box.querySelectorAll(".band:not(.band-half)")) drawn.remove();
    for (const term of result.terms.filter(({ isDistance }) => isDistance)) {
      const of = term.band;
      const grid = grids[term.statement.id];
      if (!grid) continue;
      const widest = Math.max(...of.pieces.map(({ shape }) => shape[3]));
      const mostM = Math.min(of.limits[1], of.spread ? widest + 8 * Math.hypot(of.spread.absM, of.spread.relative * widest, of.spread.featureM) : widest);
      const [low90, low50, high50, high90] = siteband.quantiles(of, [0.05, 0.25, 0.75, 0.95], mostM);
      const core = of.pieces[0].shape.map((m) => Math.min(Math.max(m, of.limits[0]), of.limits[1]));
      const claim = term.statement.id;
      for (const [kind, from, to] of [["credible90", low90, high90], ["credible50", low50, high50], ["core", core[1], core[2]]]) {
        const path = sitebandMap.rings(grid, map.grid, to) + (from > 0 ? sitebandMap.rings(grid, map.grid, from) : "");
        const title = `${claim}: ${{ credible90: "90 % interval", credible50: "50 % interval", core: "core" }[kind]}, ${km(from)} to ${km(to)}`;
        const drawn = element("path", { d: path || "M0 0", class: `band band-${kind}`, "fill-rule": "evenodd", "data-claim": claim });
        drawn.append(element("title", {}, title));
        box.append(drawn);
      }
    }
    for (const half of box.querySelectorAll(".band-half")) {
      half.style.display = result.terms.some(({ statement }) => statement.id === half.dataset.claim) ? "" : "none";
    }
  };

  const drawField = () => {
    const box = layer("field");
    const ln = result.lnAtPlaces(placeXy.length, (member) => member.atPlaces, () => true);
    const most = ln.reduce((a, b) => Math.max(a, b), -Infinity);
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [Math.ceil(map.width / 2), Math.ceil(map.height / 2)];
    const context = canvas.getContext("2d");
    const order = Array.from(ln.keys()).filter((place) => placeXy[place] && ln[place] > most - 6).sort((a, b) => ln[a] - ln[b]);
    const radius = Math.max(map.spacing_px * 0.4, 1);
    for (const place of order) {
      const share = Math.exp(ln[place] - most);
      if (share < 0.02) continue;
      context.fillStyle = `rgba(${map.field.join(",")},${(0.9 * share).toFixed(3)})`;
      context.fillRect(placeXy[place][0] / 2 - radius, placeXy[place][1] / 2 - radius, 2 * radius, 2 * radius);
    }
    const hasDistances = result.terms.some(({ isDistance }) => isDistance);
    box.replaceChildren(...(hasDistances ? [element("image", { href: canvas.toDataURL(), x: 0, y: 0, width: map.width, height: map.height, preserveAspectRatio: "none" })] : []));
  };

  const drawing = document.querySelector("figure svg");
  // On a narrow screen the map is drawn smaller, and its letters larger.
  const scale = () => Math.min(Math.max((0.9 * map.width) / (drawing.clientWidth || map.width), 1), 2.4);
  const measurer = document.createElement("canvas").getContext("2d");
  const measure = (text) => {
    measurer.font = `${13 * scale()}px "DejaVu Sans", sans-serif`;
    return measurer.measureText(text).width + 4;
  };
  const cut = (text) => (Array.from(text).length > 40 ? `${Array.from(text).slice(0, 39).join("")}\u2026` : text);

  const drawSites = () => {
    const most = Math.max(result.order.length > 0 ? result.posterior[result.order[0]] : 1, 1e-300);
    const radius = (site) => 3.5 + 9 * Math.sqrt(result.posterior[site] / most);
    const dots = [];
    // The first site is drawn last, over the others.
    const seen = result.order.filter((site) => siteXy[site]);
    for (const site of [...seen].reverse()) {
      const [x, y] = siteXy[site];
      const isWide = seen.length <= 2000 || result.posterior[site] > 1e-4;
      const dot = element("circle", {
        cx: x, cy: y, r: fixed(isWide ? radius(site) : 1.5), class: `site${site === chosen ? " near" : ""}`, fill: ramp(Math.sqrt(result.posterior[site] / most)), "data-site": site,
      });
      if (isWide) dot.append(element("title", {}, `${sites.name[site]}: ${percent(result.posterior[site])}`));
      dots.push(dot);
    }
    layer("sites").replaceChildren(...dots);
    const named = seen.slice(0, LABELLED).map((site) => ({ site, x: siteXy[site][0], y: siteXy[site][1], r: radius(site), text: cut(sites.name[site]) }));
    drawing.style.setProperty("--letters", scale());
    const features = map.features.map(({ name, xy }) => ({ x: xy[0], y: xy[1], r: 5, text: cut(name) }));
    const placed = sitebandMap.labels([...named, ...features], map.width, map.height, measure, 15 * scale(), map.taken_px);
    layer("labels").replaceChildren(...placed.map(({ site, text, box }) => element("text", {
      x: fixed(box[0] + 2), y: fixed(box[3] - 4 * scale()), ...(site === undefined ? { class: "name" } : { class: "label", "data-site": site }),
    }, text)));
    const ways = [];
    for (const site of seen.slice(0, WAYS)) {
      for (const [claim, xy] of Object.entries(nearestXy)) {
        if (!xy[site] || !result.terms.some(({ statement }) => statement.id === claim)) continue;
        const way = element("path", { d: `M${siteXy[site].join(" ")}L${xy[site].join(" ")}`, class: "way", "data-site": site });
        way.append(element("title", {}, `${sites.name[site]}: ${km(statementOf(claim).atSites.distanceM[site])}`));
        ways.push(way);
      }
    }
    layer("ways").replaceChildren(...ways);
  };

  // ---- tables -----------------------------------------------------------------------------------------------------------------------

  const drawRanking = () => {
    const distances = result.terms.filter(({ isDistance }) => isDistance);
    const head = html("tr", {}, html("th", { class: "number" }, "Rank"), html("th", {}, "Site"), html("th", { class: "number" }, "Probability"),
      ...distances.map(({ statement }) => html("th", { class: "number", dir: "auto" }, distances.length > 1 ? statement.id : "Distance")));
    const body = html("tbody", {});
    result.order.slice(0, shown).forEach((site, at) => {
      const choose = () => { chosen = site; drawWhy(); mark(); };
      body.append(html("tr", {
        tabindex: 0, "data-site": site, onclick: choose, onmouseenter: () => mark(site), onmouseleave: () => mark(), onfocus: () => mark(site), onblur: () => mark(),
        onkeydown: (event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(); } },
      }, html("td", { class: "number" }, String(at + 1)),
      html("td", { dir: "auto" }, sites.name[site], ...(sites.group[site] ? [html("br"), html("span", { class: "quiet" }, sites.group[site])] : [])),
      html("td", { class: "number" }, percent(result.posterior[site]), html("br"), html("span", { class: "bar", style: `width:${fixed(80 * result.posterior[site])}px` })),
      ...distances.map(({ statement }) => html("td", { class: "number" }, km(statement.atSites.distanceM[site])))));
    });
    body.append(html("tr", { id: "none-row" }, html("td", {}), html("td", {}, html("em", {}, "None of these")),
      html("td", { class: "number" }, percent(result.none), html("br"), html("span", { class: "bar none", style: `width:${fixed(80 * result.none)}px` })),
      ...distances.map(() => html("td", {}))));
    const more = result.order.length > shown
      ? html("button", { type: "button", onclick: () => { shown = Math.min(shown * 10, 1500, result.order.length); drawRanking(); } }, `Show more of the ${result.order.length} sites`) : "";
    byId("ranking").replaceChildren(html("table", { "aria-labelledby": "ranking-title" }, html("thead", {}, head), body), more);
  };

  const mark = (near = null) => {
    for (const one of document.querySelectorAll("[data-site]")) {
      const site = Number(one.dataset.site);
      one.classList.toggle("near", site === near || (one.tagName === "circle" && site === chosen));
      if (one.tagName === "TR") one.classList.toggle("chosen", site === chosen);
    }
  };

  const drawWhy = () => {
    const site = chosen ?? result.order[0];
    if (site === undefined) return;
    const steps = [{ id: "before anything was said", decibans: result.startDecibans(site), start: true }, ...result.waterfall(site)];
    let sum = 0;
    const bars = steps.map((step) => {
      const from = step.start ? 0 : sum;
      // What is excluded already cannot be excluded again.
      const added = from + step.decibans;
      sum = Number.isNaN(added) ? from : added;
      return { ...step, from, to: sum };
    });
    const finite = bars.flatMap(({ from, to }) => [from, to]).filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...finite), Math.max(0, ...finite)];
    const [wide, left, right, line] = [680, 230, 70, 26];
    const scale = (wide - left - right) / Math.max(high - low, 1e-9);
    const x = (value) => fixed(left + (Math.min(Math.max(value, low), high) - low) * scale);
    const rows = [...bars, { id: "odds against none of these", decibans: sum, from: 0, to: sum, total: true }];
    const tall = rows.length * line + 10;
    const svg = element("svg", { viewBox: `0 0 ${wide} ${tall}`, class: "waterfall", role: "img", "aria-label": `What each statement adds for ${sites.name[site]}, in decibans` });
    svg.append(element("line", { x1: x(0), x2: x(0), y1: 0, y2: tall - 6, class: "axis" }));
    rows.forEach(({ id, decibans, from, to, start, total }, at) => {
      const y = at * line + 5;
      const [a, b] = [Math.min(x(from), x(to)), Math.max(x(from), x(to))];
      const kind = start || total ? "sum" : decibans < 0 ? "against" : "for";
      svg.append(element("text", { x: 0, y: y + 13, direction: "ltr" }, Array.from(id).length > 30 ? `${Array.from(id).slice(0, 29).join("")}\u2026` : id),
        element("rect", { x: a, y, width: Math.max(fixed(b - a), 1), height: 16, class: `step-${kind}` }),
        element("text", { x: Math.min(b + 5, wide - right + 8), y: y + 13 }, signed(decibans)));
    });
    const list = html("ul", {}, ...result.terms.map(({ statement, isDistance }) => {
      const distance = isDistance ? `; measured ${km(statement.atSites.distanceM[site])}` : "";
      return html("li", { dir: "auto" }, html("strong", {}, statement.id), `: ${isDistance ? words(statement) : statement.meaning}${distance}`);
    }));
    byId("why").replaceChildren(
      html("p", { dir: "auto" }, html("strong", {}, sites.name[site]), ` (${sites.id[site]}): ${percent(result.posterior[site])}. Each statement is added behind those above it, in decibans: 10 dB are a factor of ten in the odds against none of these. Choose another site in the table or on the map.`),
      html("div", { class: "scroll" }, svg), list,
    );
  };

  const drawReadings = () => {
    const rows = data.readings.map(({ name }) => {
      const of = question.evaluate({ ...state, reading: name });
      const first = of.order.slice(0, 3).map((site) => `${sites.name[site]} ${percent(of.posterior[site])}`);
      return html("tr", {}, html("th", { scope: "row" }, name), html("td", { dir: "auto" }, of.contradiction ? "nothing is possible: the prior is shown" : first.join(" \u00b7 ")), html("td", { class: "number" }, percent(of.none)));
    });
    byId("readings").replaceChildren(html("table", {}, html("thead", {}, html("tr", {}, html("th", {}, "Read as"), html("th", {}, "First three"), html("th", { class: "number" }, "None of these"))), html("tbody", {}, ...rows)));
  };

  let waiting = null;
  const update = () => {
    result = question.evaluate(state);
    const [first] = result.order;
    const lead = first === undefined || result.posterior[first] === 0 ? "" : `First: ${sites.name[first]} with ${percent(result.posterior[first])}. `;
    byId("sum").textContent = `${result.contradiction ? "Nothing fits all that was said, so these are the probabilities before. " : ""}${lead}None of these: ${percent(result.none)} (before anything was said: ${percent(state.prior_none)}).`;
    byId("map-caption").textContent = `Bands: where ${result.terms.filter(({ isDistance }) => isDistance).map(({ statement }) => words(statement)).join("; ") || "no distance"} holds, read as ${state.reading}. Shading: where a site that is on no list would most likely be. Dots: listed sites, larger and darker the more probable.`;
    drawField();
    drawBands();
    drawSites();
    drawRanking();
    drawWhy();
    mark();
    clearTimeout(waiting);
    waiting = setTimeout(drawReadings, 60);
  };

  drawing.addEventListener("click", (event) => {
    const dot = event.target.closest("[data-site]");
    if (dot) { chosen = Number(dot.dataset.site); drawWhy(); mark(); }
  });
  drawing.addEventListener("mouseover", (event) => {
    const dot = event.target.closest("[data-site]");
    if (dot) mark(Number(dot.dataset.site));
  });
  byId("reset").addEventListener("click", () => { state = question.start(); chosen = null; shown = SHOWN; controls(); update(); });
  byId("copy").addEventListener("click", () => navigator.clipboard?.writeText(byId("quote").textContent));
  globalThis.addEventListener("resize", () => { drawSites(); mark(); });
  controls();
  update();
  // For whoever drives the page.
  globalThis.sitebandPage = { data, question, state: () => state, result: () => result };
})();
