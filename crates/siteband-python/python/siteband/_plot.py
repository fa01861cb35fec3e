"""A ranking as bars, with matplotlib."""

from __future__ import annotations

#: Blue and orange that the colour-blind tell apart (Okabe & Ito).
SITE, NONE = "#0072B2", "#E69F00"


def plot(ranking, ax, top):
    """The posteriors of the first sites, and of none of these."""
    try:
        import matplotlib.pyplot as plt
    except ImportError as error:
        raise ImportError("plot() needs matplotlib: pip install matplotlib") from error

    bars = ranking._bars(top)
    rest = len(ranking) - len(bars)
    names = [name for name, _ in bars]
    shares = [posterior for _, posterior in bars]
    if rest:
        names.append(f"{rest} more sites")
        shares.append(max(0.0, 1.0 - ranking.none_of_these - sum(shares)))
    names.append("none of these")
    shares.append(ranking.none_of_these)
    if ax is None:
        _, ax = plt.subplots(figsize=(7, 0.32 * len(names) + 1.2), layout="constrained")
    at = range(len(names))
    drawn = ax.barh(at, [100 * share for share in shares], color=[SITE] * (len(names) - 1) + [NONE])
    drawn[-1].set_hatch("//")
    ax.bar_label(drawn, labels=[f"{100 * share:.1f} %" for share in shares], padding=3)
    # Names are text: what matplotlib would take for mathematics is escaped.
    ax.set_yticks(at, [name.replace("$", r"\$") for name in names])
    ax.invert_yaxis()
    ax.margins(x=0.12)
    ax.set_xlabel("posterior probability, %")
    ax.set_title(ranking.title.replace("$", r"\$"))
    return ax
