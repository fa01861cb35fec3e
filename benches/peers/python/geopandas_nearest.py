"""geopandas: sjoin_nearest in one UTM zone."""

import geopandas
import shapely

import measure


def main():
    asked = measure.task()
    border = geopandas.GeoDataFrame(geometry=shapely.linestrings(asked.segments()), crs="EPSG:4326").to_crs(measure.UTM)
    # The index is built at the first use, and kept.
    border.sindex.query(border.geometry.iloc[0])

    def distances_m():
        points = geopandas.points_from_xy(asked.lon, asked.lat, crs="EPSG:4326")
        sites = geopandas.GeoDataFrame(geometry=points).to_crs(measure.UTM)
        found = geopandas.sjoin_nearest(sites, border, distance_col="distance_m")["distance_m"]
        # A site is listed once for each segment that is equally near.
        return found[~found.index.duplicated()].sort_index().to_numpy()

    measure.report(asked, f"geopandas {geopandas.__version__}, Shapely {shapely.__version__}", distances_m)


if __name__ == "__main__":
    main()
