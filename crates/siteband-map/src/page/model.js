"use strict";
// The same numbers as the library's, worked out in the page: src/reading, src/band and src/rank say what each part means and where its
// constants come from. What a reading's parameters are, and what was measured, comes with the page's data. Checked against the library
// on generated cases by tests/page_model.rs.
const siteband = (() => {
  const SQRT_TAU = Math.sqrt(2 * Math.PI);
  const SQRT_HALF = Math.SQRT1_2;

  // ---- the error function -------------------------------------------------------------------------------------------------

  // erf(x) = 2/√π · exp(−x²) · Σ 2ⁿ x²ⁿ⁺¹/(2n+1)!!, all terms of one sign, for 0 ≤ x < 2.
  const erfSeries = (x) => {
    let [term, sum, n] = [x, x, 0];
    while (term > 1e-17 * sum) {
      n += 1;
      term *= (2 * x * x) / (2 * n + 1);
      sum += term;
    }
    return ((2 * sum) / Math.sqrt(Math.PI)) * Math.exp(-x * x);
  };

  // exp(x²)·erfc(x) by the continued fraction, for x ≥ 2.
  const erfcxFraction = (x) => {
    let tail = x;
    for (let k = Math.ceil(160 / (x * x)) + 8; k >= 1; k -= 1) tail = x + k / 2 / tail;
    return 1 / (tail * Math.sqrt(Math.PI));
  };

  /** 1 − erf(x), to a relative 1e-12. */
  const erfc = (x) => {
    if (x < 0) return 2 - erfc(-x);
    return x < 2 ? 1 - erfSeries(x) : Math.exp(-x * x) * erfcxFraction(x);
  };
  const erf = (x) => (Math.abs(x) < 2 ? Math.sign(x) * erfSeries(Math.abs(x)) : 1 - erfc(x));
  const erfcx = (x) => (x < 2 ? Math.exp(x * x) * (1 - erfSeries(x)) : erfcxFraction(x));

  const phi = (u) => 0.5 * erfc(-u * SQRT_HALF);
  const ramp = (u) => u * phi(u) + Math.exp((-u * u) / 2) / SQRT_TAU;
  const scaledPhi = (u) => 0.5 * erfcx(-u * SQRT_HALF);
  const scaledRamp = (u) => {
    if (u < -1e3) return (1 / (u * u)) * (1 - 3 / (u * u)) / SQRT_TAU;
    return u * scaledPhi(u) + 1 / SQRT_TAU;
  };

  const lnSumExp = (terms) => {
    let [greatest, sum] = [-Infinity, 0];
    for (const term of terms) {
      if (term > greatest) {
        sum = sum * Math.exp(greatest - term) + 1;
        greatest = term;
      } else if (term > -Infinity) sum += Math.exp(term - greatest);
    }
    return greatest + Math.log(sum);
  };

  // ---- shapes: [a, b, c, d] in metres ---------------------------------------------------------------------------------------

  const height = ([a, b, c, d]) => 2 / (d - a + (c - b));
  const density = (shape, x) => {
    const [a, b, c, d] = shape;
    const share = x < a || x > d ? 0 : x < b ? (x - a) / (b - a) : x > c ? (d - x) / (d - c) : 1;
    return share * height(shape);
  };
  const clamp = (x, from, to) => Math.min(Math.max(x, from), to);
  const shareBelow = (shape, x) => {
    const [a, b, c, d] = shape;
    const rise = b > a ? (clamp(x, a, b) - a) ** 2 / (b - a) / 2 : 0;
    const fall = d > c ? (d - c) / 2 - (d - clamp(x, c, d)) ** 2 / (d - c) / 2 : 0;
    return height(shape) * (rise + (clamp(x, b, c) - b) + fall);
  };
  const lnSmoothed = (shape, atM, tauM) => {
    if (shape[0] < atM && atM < shape[3] && shape.every((corner) => Math.abs(atM - corner) > 9 * tauM)) {
      return Math.log(density(shape, atM));
    }
    let [x, [a, b, c, d]] = [atM, shape];
    if (x > (a + d) / 2) [x, a, b, c, d] = [-x, -d, -c, -b, -a];
    const [ua, ub, uc, ud] = [(x - a) / tauM, (x - b) / tauM, (x - c) / tauM, (x - d) / tauM];
    if (d - a < 1e-5 * tauM) {
      const u = (ua + ud) / 2;
      return (-u * u) / 2 - Math.log(tauM * SQRT_TAU);
    }
    const lnHeight = Math.log(height(shape));
    if (ua <= 0) {
      const relative = (u) => Math.exp(((ua - u) * (ua + u)) / 2);
      const rise = b > a ? (scaledRamp(ua) - scaledRamp(ub) * relative(ub)) / (ua - ub) : scaledPhi(ua);
      const fall = d > c ? (scaledRamp(uc) * relative(uc) - scaledRamp(ud) * relative(ud)) / (uc - ud) : scaledPhi(uc) * relative(uc);
      return lnHeight - (ua * ua) / 2 + Math.log(Math.max(rise - fall, Number.MIN_VALUE));
    }
    const rise = b > a ? (ramp(ua) - ramp(ub)) / (ua - ub) : phi(ua);
    const fall = d > c ? (ramp(uc) - ramp(ud)) / (uc - ud) : phi(uc);
    return lnHeight + Math.log(Math.max(rise - fall, Number.MIN_VALUE));
  };

  // ---- numbers as they were written: { value, decimals, denominator } -------------------------------------------------------

  const lastDigit = (offset) => (offset.denominator ? 1 / offset.denominator : 10 ** -offset.decimals);
  const trailingZeros = (offset) => {
    if (offset.denominator || offset.decimals > 0) return 0;
    let zeros = 0;
    while (zeros < 12 && offset.value % 10 ** (zeros + 1) === 0) zeros += 1;
    return zeros;
  };
  const significantDigit = (offset) => lastDigit(offset) * 10 ** trailingZeros(offset);
  const whole = (value) => ({ value, decimals: 0, denominator: null });
  /** The number that somebody typed; null where it is none. */
  const offsetOf = (text) => {
    const match = /^\s*(\d{1,12})(?:\.(\d{1,12}))?\s*$/.exec(text);
    const value = match ? Number(text) : 0;
    return value > 0 ? { value, decimals: (match[2] ?? "").length, denominator: null } : null;
  };
  const offsetText = (offset) => {
    if (!offset.denominator) return offset.value.toFixed(offset.decimals);
    const rest = Math.floor(offset.value);
    const parts = `${Math.round((offset.value - rest) * offset.denominator)}/${offset.denominator}`;
    return rest > 0 ? `${rest} ${parts}` : parts;
  };
  const decadeOf = (value) => {
    const rough = Math.floor(Math.log10(value));
    for (let exponent = rough + 1; exponent >= rough - 1; exponent -= 1) {
      if (10 ** exponent <= value * (1 + 1e-12)) return 10 ** exponent;
    }
    return 10 ** rough;
  };

  // ---- wordings: a number or a range in one unit ------------------------------------------------------------------------------

  const DETOUR = [1.2, 1.4];
  const MEASURE_SHARES = [0.6, 0.2, 0.2];
  const GRAINS = [1, 5, 10, 20, 50, 100];
  const GRAIN_LIMITS_SQ = [5, 50, 200, 1000, 5000];
  const SPURIOUS_REACH = 2;
  const MISTAKEN_FOR = { km: ["mi"], mi: ["nmi", "km"], nmi: ["mi", "km"] };
  const CONVERTED_UNITS = ["km", "mi", "nmi"];
  const CONVERTED_STEPS = [1000, 500, 100, 50, 20, 10, 5, 2];

  const wording = (claim, data, number, to, unit) => {
    const unitM = data.units[unit].m;
    const hedge = data.hedges.find(({ name }) => name === claim.hedge) ?? null;
    const lowM = number.value * unitM;
    const finer = to && significantDigit(to) < significantDigit(number) ? to : number;
    const highM = to ? to.value * unitM : lowM;
    return { offset: finer, unit, unitM, hedge, lowM, highM, side: hedge ? hedge.side : "both", byRoad: claim.by_road };
  };
  const said = (claim, data) => wording(claim, data, claim.number, claim.to, claim.unit);
  const isRange = (w) => w.highM > w.lowM;
  const middleM = (w) => (w.lowM + w.highM) / 2;
  const instead = (w, data, offset, unit) => {
    const unitM = data.units[unit].m;
    const m = offset.value * unitM;
    return { ...w, offset, unit, unitM, lowM: m, highM: m };
  };
  const along = (w, [a, b, c, d]) => {
    if (!w.byRoad) return [a, b, c, d];
    const [inner, outer] = [b / DETOUR[0], c / DETOUR[1]];
    return [a / DETOUR[1], Math.min(inner, outer), Math.max(inner, outer), d / DETOUR[0]];
  };
  const windowOf = (w, width) => {
    const widthM = width * w.unitM;
    const [belowM, aboveM] = { both: [widthM / 2, widthM / 2], less: [widthM, 0], more: [0, widthM] }[w.side];
    const [a, d] = [w.lowM - belowM, w.highM + aboveM];
    const rampM = Math.min(widthM, w.highM - w.lowM);
    return along(w, [a, a + rampM, Math.max(d - rampM, a + rampM), d]);
  };
  const originals = (claim, data) => {
    const first = said(claim, data);
    if (!claim.restated) return [[first, 1]];
    const other = wording(claim, data, claim.restated.number, claim.restated.to, claim.restated.unit);
    const stepM = (w) => significantDigit(w.offset) * w.unitM;
    const prints = (from, to) => {
      const halfM = ((lastDigit(to.offset) * to.unitM) / 2) * (1 + 1e-9);
      return Math.abs(from.lowM - to.lowM) <= halfM && Math.abs(from.highM - to.highM) <= halfM;
    };
    const [there, back] = [prints(first, other), prints(other, first)];
    if (there && !back) return [[first, 1]];
    if (back && !there) return [[other, 1]];
    const share = stepM(first) / (stepM(first) + stepM(other));
    return share >= 0.5 ? [[first, share], [other, 1 - share]] : [[other, 1 - share], [first, share]];
  };

  // ---- readings ----------------------------------------------------------------------------------------------------------------

  const hard = (shape, [from, to]) => {
    const limits = [Math.max(from, 0), to];
    return { pieces: [{ weight: 1, shape }], limits, scale: 1 / (shareBelow(shape, limits[1]) - shareBelow(shape, limits[0])), spread: null };
  };
  const bestPractice = (offset) => {
    if (offset.decimals > 0) {
      const fraction = offset.value - Math.trunc(offset.value);
      return [0.5, 0.25, 0.125].find((part) => fraction % part === 0 && fraction > 0) ?? lastDigit(offset);
    }
    const [significant, decade] = [significantDigit(offset), decadeOf(offset.value)];
    const powerOfTen = Math.abs(offset.value - decade) < 1e-9 * decade;
    return decade >= 100 || (powerOfTen && decade >= 10) ? Math.min(significant, decade / 10) : significant;
  };
  const narrowWidth = {
    literal: lastDigit,
    rounded: (offset) => lastDigit(offset) * (Math.round(offset.value / lastDigit(offset)) % 5 === 0 ? 5 : 1),
    "best-practice": bestPractice,
    "wieczorek-2004": (offset) => (offset.decimals > 0 || lastDigit(offset) < 1 ? 2 * bestPractice(offset) : significantDigit(offset)),
    "frazier-2004": (offset) => (trailingZeros(offset) > 0 ? 2 * 0.15 * offset.value : lastDigit(offset)),
  };
  const literal = (claim, data) => {
    const of = (w) => windowOf(w, lastDigit(w.offset));
    const first = of(said(claim, data));
    let shape = first;
    if (claim.restated) {
      const other = of(wording(claim, data, claim.restated.number, claim.restated.to, claim.restated.unit));
      shape = [Math.max(first[0], other[0]), Math.max(first[1], other[1]), Math.min(first[2], other[2]), Math.min(first[3], other[3])];
      if (!(shape[0] <= shape[1] && shape[1] <= shape[2] && shape[2] <= shape[3] && shape[0] < shape[3])) shape = first;
    }
    return hard(shape, [0, Infinity]);
  };
  const analystShape = (value, unitM) => {
    const decade = decadeOf(value);
    const halfUp = (to) => Math.floor(value / to + 0.5) * to;
    const [first, second] = [halfUp(decade), halfUp(value < 2.5 * decade ? decade / 2 : 5 * decade)];
    const [low, high] = [Math.min(first, second), Math.max(first, second)];
    return [(low - 2 * decade) * unitM, low * unitM, high * unitM, (high + 2 * decade) * unitM];
  };
  const analyst = (w) => {
    const [low, high] = [analystShape(w.lowM / w.unitM, w.unitM), analystShape(w.highM / w.unitM, w.unitM)];
    const hull = [low[0], low[1], Math.max(low[2], high[2]), Math.max(low[3], high[3])];
    const [longest, shortest] = w.byRoad ? [DETOUR[1], DETOUR[0]] : [1, 1];
    const limits = { both: [0, Infinity], less: [0, w.highM / shortest], more: [w.lowM / longest, Infinity] }[w.side];
    return hard(along(w, hull), limits);
  };

  const hedgeGrains = (offset, hedge) => {
    const step = lastDigit(offset);
    if (!hedge || !hedge.regression) return [[hedge && hedge.name === "exactly" ? step : significantDigit(offset), 1]];
    const [[a, b, c, d, e, f, g, h], sigma] = hedge.regression;
    const [z, r] = [Math.log10(offset.value), trailingZeros(offset)];
    const five = Math.round(offset.value / significantDigit(offset)) % 10 === 5 ? 1 : 0;
    const median = a + b * z + c * r + d * five + e * z * r + f * z * five + g * r * five + h * z * r * five;
    const limits = GRAIN_LIMITS_SQ.map((square) => phi((Math.log10(Math.sqrt(square) * step) - median) / sigma));
    return GRAINS.map((grain, at) => [grain * step, (limits[at] ?? 1) - (at === 0 ? 0 : limits[at - 1])]);
  };
  const orInfinite = (value) => value ?? Infinity;

  const mixture = (claim, data, p, feature) => {
    const grains = (w) => {
      const widest = (orInfinite(p.widest_share) * middleM(w)) / w.unitM;
      return hedgeGrains(w.offset, w.hedge).map(([width, weight]) => [Math.min(width, widest), weight]);
    };
    const convertedFrom = (w) => {
      if (p.converted === 0 || isRange(w) || !CONVERTED_UNITS.includes(w.unit)) return null;
      const [stepM, halfM] = [significantDigit(w.offset) * w.unitM, (lastDigit(w.offset) * w.unitM) / 2];
      let best = null;
      for (const unit of CONVERTED_UNITS.filter((other) => other !== w.unit)) {
        const unitM = data.units[unit].m;
        for (const step of CONVERTED_STEPS.filter((candidate) => candidate * unitM > stepM)) {
          const number = Math.round(middleM(w) / unitM / step) * step;
          const prints = number >= 1 && number <= 4294967295 && Math.abs(number * unitM - middleM(w)) <= halfM;
          const ratio = (step * unitM) / stepM;
          if (prints && (!best || ratio >= best[1])) best = [instead(w, data, whole(number), unit), ratio];
        }
      }
      return best && [best[0], (p.converted * best[1]) / (p.converted * best[1] + 1 - p.converted)];
    };
    const windows = (w, share) => grains(w).map(([width, weight]) => [windowOf(w, width), share * weight]);
    const widths = (w) => {
      if (p.truncated) {
        const stepM = lastDigit(w.offset) * w.unitM;
        return [[along(w, [w.lowM, w.lowM, w.highM + stepM, w.highM + stepM]), 1]];
      }
      const rounder = convertedFrom(w);
      return rounder ? [...windows(w, 1 - rounder[1]), ...windows(rounder[0], rounder[1])] : windows(w, 1);
    };
    const first = said(claim, data);
    const extentM = Math.min(feature.is_point ? feature.extent_m ?? p.extent_m : 0, middleM(first));
    const extended = ([a, b, c, d]) => [a, Math.min(c, b + extentM), Math.max(c, b + extentM), d + extentM];
    const pieces = [];
    const add = (weight, shape) => weight > 0 && pieces.push({ weight, shape });
    for (const [w, share] of originals(claim, data)) {
      const mistaken = isRange(w) ? [] : MISTAKEN_FOR[w.unit] ?? [];
      const mixedUp = mistaken.length === 0 ? 0 : p.mixed_up;
      const [loose, gross] = [p.loose, p.gross].map((off) => off.share / (1 + middleM(w) / orInfinite(off.fade_m)));
      const meant = share * (1 - p.spurious_precision - loose - gross - mixedUp);
      for (const [shape, weight] of widths(w)) add(meant * weight, extended(shape));
      const reachM = SPURIOUS_REACH * decadeOf(w.offset.value) * w.unitM;
      add(share * p.spurious_precision, along(w, [
        w.side === "more" ? w.lowM : Math.min(w.lowM - reachM, w.lowM), w.lowM,
        w.highM, w.side === "less" ? w.highM : Math.max(w.highM + reachM, w.highM),
      ]));
      for (const [off, offShare] of [[p.loose, loose], [p.gross, gross]]) {
        if (offShare > 0) {
          const [leastM, greatestM] = [(w.lowM - off.reach_m) / off.factor, (w.highM + off.reach_m) * off.factor];
          add((share * offShare) / 2, along(w, [leastM, w.lowM, w.highM, w.highM]));
          add((share * offShare) / 2, along(w, [w.lowM, w.lowM, w.highM, greatestM]));
        }
      }
      for (const unit of mistaken) {
        const other = instead(w, data, w.offset, unit);
        add((share * mixedUp) / mistaken.length, windowOf(other, grains(other)[0][0]));
      }
    }
    const absM = Math.min(p.source_abs_m, p.source_abs_share * middleM(first));
    return { pieces, limits: [0, Infinity], scale: 1, spread: { absM, relative: p.source_relative, featureM: feature.uncertainty_m } };
  };

  /** The band of a claim about a feature under a reading. */
  const band = (claim, data, reading, feature) => {
    if (reading.mixture) return mixture(claim, data, reading.mixture, feature);
    if (reading.name === "literal") return literal(claim, data);
    const [w] = originals(claim, data)[0];
    if (reading.name === "analyst") return analyst(w);
    return hard(windowOf(w, narrowWidth[reading.name](w.offset)), [0, Infinity]);
  };

  /** ln of the band's density per kilometre. */
  const lnDensity = (of, xM, siteM) => {
    if (xM < of.limits[0] || xM > of.limits[1]) return -Infinity;
    const { spread } = of;
    const tauM = spread ? Math.sqrt(spread.absM ** 2 + (spread.relative * xM) ** 2 + spread.featureM ** 2 + siteM ** 2) : 0;
    const terms = of.pieces.map(({ weight, shape }) => Math.log(weight) + (tauM === 0 ? Math.log(density(shape, xM)) : lnSmoothed(shape, xM, tauM)));
    return lnSumExp(terms) + Math.log(of.scale) + Math.log(1000);
  };

  /** The share of a band's likelihood below each of some distances that rise evenly from zero, and the distances for shares of it. */
  const quantiles = (of, shares, mostM) => {
    const steps = 4000;
    let [sum, before] = [0, 0];
    const sums = [0];
    for (let step = 1; step <= steps; step += 1) {
      const now = Math.exp(lnDensity(of, (step / steps) * mostM, 0));
      sum += (before + now) / 2;
      sums.push(sum);
      before = now;
    }
    return shares.map((share) => {
      const at = sums.findIndex((reached) => reached >= share * sum);
      if (at <= 0) return 0;
      return ((at - 1 + (share * sum - sums[at - 1]) / (sums[at] - sums[at - 1])) / steps) * mostM;
    });
  };

  // ---- the ranking ---------------------------------------------------------------------------------------------------------------

  const decoded = (numbers) => {
    if (typeof numbers !== "string") return numbers == null ? null : Float64Array.from(numbers, (n) => n ?? -Infinity);
    const bytes = Uint8Array.from(atob(numbers), (c) => c.charCodeAt(0));
    return new Float64Array(bytes.buffer);
  };
  const decodedAll = (measured) => measured && {
    distanceM: decoded(measured.distance_m), crossingM: decoded(measured.crossing_m), lnBeside: decoded(measured.ln_beside),
  };

  /** ln f of a distance claim at each of many places. */
  const lnOfDistances = (of, statement, measured, siteM) => {
    const value = (m, at) => lnDensity(of, m, siteM ? siteM[at] : 0);
    const ln = new Float64Array(measured.distanceM.length);
    for (let at = 0; at < ln.length; at += 1) {
      const m = measured.distanceM[at];
      if (statement.has_choice) {
        const [nearest, crossing, road] = MEASURE_SHARES;
        const terms = [];
        const crossingM = measured.crossingM ? measured.crossingM[at] : null;
        if (crossingM !== null) terms.push(Math.log(crossing) + value(crossingM, at));
        const detours = statement.road_factor ? [statement.road_factor] : [DETOUR[0], (DETOUR[0] + DETOUR[1]) / 2, DETOUR[1]];
        for (const detour of detours) terms.push(Math.log(road / detours.length) + value((crossingM ?? m) * detour, at));
        terms.push(Math.log(nearest + (crossingM === null ? crossing : 0)) + value(m, at));
        ln[at] = lnSumExp(terms);
      } else ln[at] = value(m, at);
      if (measured.lnBeside) ln[at] += measured.lnBeside[at];
    }
    return ln;
  };

  /**
   * A question that is asked again and again under other assumptions: `evaluate(state)`, with `state = { reading, prior_none,
   * reliability: { source: number }, claims: { id: { on, number, hedge } } }`.
   */
  const question = (data) => {
    const sites = { lnPrior: decoded(data.ln_priors), uncertaintyM: decoded(data.uncertainties_m) };
    const lnShares = decoded(data.ln_shares);
    const statements = data.statements.map((statement) => ({
      ...statement,
      atSites: decodedAll(statement.sites), atPlaces: decodedAll(statement.places),
      soft: statement.soft && Object.fromEntries(Object.entries(statement.soft).map(([reading, ln]) => [reading, decoded(ln)])),
    }));
    const kept = new Map();
    const cached = (key, make) => {
      if (!kept.has(key)) {
        if (kept.size > 200) kept.clear();
        kept.set(key, make());
      }
      return kept.get(key);
    };
    const claimIn = (statement, state) => {
      const { number, hedge } = state.claims[statement.id];
      const moved = offsetText(number) !== offsetText(statement.claim.number);
      return { ...statement.claim, number, hedge, restated: moved ? null : statement.claim.restated };
    };
    const bandIn = (statement, state) => {
      const claim = claimIn(statement, state);
      const reading = data.readings.find(({ name }) => name === state.reading);
      const key = JSON.stringify(["band", statement.id, state.reading, claim]);
      return cached(key, () => ({ key, ...band(claim, data, reading, statement.feature) }));
    };
    const softIn = (statement, state) => statement.soft[state.reading] ?? statement.soft.every;

    const evaluate = (state) => {
      const reading = data.readings.find(({ name }) => name === state.reading);
      // Of those that say the same, the one nearest to the original counts.
      const isOn = (statement) => state.claims[statement.id].on;
      const counts = statements.filter((one) => isOn(one)
        && !statements.some((other) => isOn(other) && other.says === one.says && other.precedence < one.precedence));
      const terms = counts.map((statement) => {
        const source = data.sources.find(({ id }) => id === statement.source);
        const isDistance = statement.kind === "distance";
        const lnArbitrary = isDistance ? -Math.log(data.diameter_km) : 0;
        const counted = (ln) => (source.power === 1 ? ln : ln.map((value) => lnArbitrary + source.power * (value - lnArbitrary)));
        const of = isDistance ? bandIn(statement, state) : null;
        const atSites = isDistance
          ? cached(`sites ${of.key}`, () => lnOfDistances(of, statement, statement.atSites, sites.uncertaintyM)) : softIn(statement, state);
        const atPlaces = isDistance ? cached(`places ${of.key}`, () => lnOfDistances(of, statement, statement.atPlaces, null)) : null;
        return { statement, band: of, isDistance, lnArbitrary, counted, atSites: counted(atSites), atPlaces: atPlaces && counted(atPlaces) };
      });
      const sources = [];
      for (const term of terms) {
        let group = sources.find(({ id }) => id === term.statement.source);
        if (!group) sources.push((group = { id: term.statement.source, members: [] }));
        group.members.push(term);
      }
      for (const group of sources) {
        const fixed = group.members.some(({ isDistance }) => isDistance) ? reading.contamination : null;
        group.contamination = fixed ?? 1 - state.reliability[group.id];
      }
      const every = () => true;
      const lnOf = (group, members, ln) => {
        let [right, wrong] = [Math.log(1 - group.contamination), Math.log(group.contamination)];
        for (const member of members) {
          right += ln(member);
          wrong += member.lnArbitrary;
        }
        return lnSumExp([right, wrong]);
      };
      const lnOfSite = (site, keeps) => {
        let ln = 0;
        for (const group of sources) ln += lnOf(group, group.members.filter(keeps), (member) => member.atSites[site]);
        return ln;
      };
      const lnAtPlaces = (count, of, keeps) => {
        const groups = sources.map((group) => [group, group.members.filter((member) => member.isDistance && keeps(member))])
          .filter(([, members]) => members.length > 0);
        const ln = new Float64Array(count);
        for (let place = 0; place < count; place += 1) {
          for (const [group, members] of groups) ln[place] += lnOf(group, members, (member) => of(member)[place]);
        }
        return ln;
      };
      const lnNoneOf = (keeps) => {
        if (!terms.some((term) => term.isDistance && keeps(term))) return 0;
        const ln = lnAtPlaces(lnShares.length, (member) => member.atPlaces, keeps);
        return lnSumExp(lnShares.map((share, place) => share + ln[place]));
      };
      const count = sites.lnPrior.length;
      const lnNone = lnNoneOf(every);
      const lnLikelihood = Float64Array.from({ length: count }, (_, site) => lnOfSite(site, every));
      const lnJointNone = Math.log(state.prior_none) + lnNone;
      const lnPrior = Math.log(1 - state.prior_none);
      const lnJoint = lnLikelihood.map((ln, site) => lnPrior + sites.lnPrior[site] + ln);
      const lnTotal = lnSumExp([...lnJoint, lnJointNone]);
      const contradiction = lnTotal === -Infinity;
      const posterior = lnJoint.map((ln, site) => Math.exp(contradiction ? lnPrior + sites.lnPrior[site] : ln - lnTotal));
      const none = contradiction ? state.prior_none : Math.exp(lnJointNone - lnTotal);
      const weight = contradiction ? sites.lnPrior : lnJoint;
      const ids = data.sites.id;
      const order = Array.from(posterior.keys()).sort((a, b) => weight[b] - weight[a] || (ids[a] < ids[b] ? -1 : 1));

      const decibans = (ln) => (10 * ln) / Math.LN10;
      // Each statement added behind those before it: the steps add up.
      const noneOfPrefix = terms.map((_, at) => {
        const prefix = new Set(terms.slice(0, at + 1));
        return terms[at].isDistance ? lnNoneOf((term) => prefix.has(term)) : null;
      });
      const waterfall = (site) => {
        let [before, noneBefore] = [0, 0];
        return terms.map((term, at) => {
          const prefix = new Set(terms.slice(0, at + 1));
          noneBefore = noneOfPrefix[at] ?? noneBefore;
          const after = lnOfSite(site, (member) => prefix.has(member)) - noneBefore;
          const step = after === before ? 0 : decibans(after - before);
          before = after;
          return { id: term.statement.id, decibans: step };
        });
      };
      const startDecibans = (site) => decibans(lnPrior + sites.lnPrior[site] - Math.log(state.prior_none));
      return { terms, posterior, none, lnLikelihood, lnNone, order, contradiction, waterfall, startDecibans, lnAtPlaces };
    };

    const start = () => ({
      reading: data.reading, prior_none: data.prior_none,
      reliability: Object.fromEntries(data.sources.map(({ id, reliability }) => [id, reliability])),
      claims: Object.fromEntries(data.statements.map(({ id, claim }) => [id, { on: true, number: claim?.number, hedge: claim?.hedge }])),
    });
    return { evaluate, start, statements, bandIn };
  };

  return { erf, erfc, lnDensity, band, quantiles, question, offsetOf, offsetText, significantDigit, lnOfDistances };
})();
