"""spherely (S2 for Python): the distance to the whole border on a sphere of the mean radius."""

import spherely

import measure


def main():
    asked = measure.task()
    parts = [[tuple(place) for place in part] for part in asked.parts]
    border = spherely.create_multilinestring(parts) if len(parts) > 1 else spherely.create_linestring(parts[0])
    spherely.prepare(border)

    def distances_m():
        return spherely.distance(spherely.points(asked.lon, asked.lat), border)

    measure.report(asked, f"spherely {spherely.__version__}", distances_m)


if __name__ == "__main__":
    main()
