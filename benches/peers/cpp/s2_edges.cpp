// S2: the closest edge by S2ClosestEdgeQuery.
//
//     sphere    its distance on a sphere of the mean radius
//     geodesic  the closest point on the sphere, then the geodesic distance to it

#include <GeographicLib/Geodesic.hpp>
#include <s2/mutable_s2shape_index.h>
#include <s2/s2closest_edge_query.h>
#include <s2/s2earth.h>
#include <s2/s2latlng.h>
#include <s2/s2polyline.h>

#include <memory>

#include "measure.hpp"

namespace {

S2Point point(const measure::Place& place) {
    return S2LatLng::FromDegrees(place.lat_deg, place.lon_deg).ToPoint();
}

}  // namespace

int main(int count, char** words) {
    return measure::run(count, words, [](const measure::Task& task) {
        std::vector<std::unique_ptr<S2Polyline>> polylines;
        MutableS2ShapeIndex index;
        for (const measure::Part& part : task.parts) {
            std::vector<S2Point> points;
            for (const measure::Place& place : part) points.push_back(point(place));
            polylines.push_back(std::make_unique<S2Polyline>(points));
            index.Add(std::make_unique<S2Polyline::Shape>(polylines.back().get()));
        }
        index.ForceBuild();
        S2ClosestEdgeQuery query(&index);
        const bool sphere = task.mode == "sphere";
        measure::report(task, "libs2 " + measure::version("libs2-dev"), [&](const measure::Place& site) {
            const S2Point at = point(site);
            S2ClosestEdgeQuery::PointTarget target(at);
            const auto found = query.FindClosestEdge(&target);
            if (sphere) return S2Earth::ToMeters(found.distance().ToAngle());
            const S2LatLng foot(query.Project(at, found));
            double distance_m;
            GeographicLib::Geodesic::WGS84().Inverse(site.lat_deg, site.lon_deg, foot.lat().degrees(),
                                                     foot.lng().degrees(), distance_m);
            return distance_m;
        });
    });
}
