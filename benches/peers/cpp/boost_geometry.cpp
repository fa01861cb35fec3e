// Boost.Geometry with geographic coordinates on WGS 84, edges being geodesics.
//
//     rtree-andoyer   the nearest segment of an R-tree, all with Andoyer's formula
//     rtree-vincenty  the same with Vincenty's
//     brute-vincenty  the least distance to any segment, without an index

#include <boost/geometry.hpp>
#include <boost/geometry/geometries/geometries.hpp>
#include <boost/geometry/index/rtree.hpp>
#include <boost/geometry/strategies/strategies.hpp>
#include <boost/geometry/strategies/geographic/index.hpp>
#include <boost/version.hpp>

#include "measure.hpp"

namespace bg = boost::geometry;
namespace bgi = boost::geometry::index;

namespace {

using Point = bg::model::point<double, 2, bg::cs::geographic<bg::degree>>;
using Segment = bg::model::segment<Point>;
using Spheroid = bg::srs::spheroid<double>;

const Spheroid wgs84(6378137.0, 6356752.314245179);

Point point(const measure::Place& place) {
    return {place.lon_deg, place.lat_deg};
}

std::vector<Segment> segments(const measure::Task& task) {
    std::vector<Segment> found;
    for (const measure::Part& part : task.parts)
        for (size_t i = 1; i < part.size(); ++i) found.emplace_back(point(part[i - 1]), point(part[i]));
    return found;
}

std::string version() {
    return "Boost " + std::to_string(BOOST_VERSION / 100000) + "." + std::to_string(BOOST_VERSION / 100 % 1000);
}

template <typename Formula>
void rtree(const measure::Task& task) {
    using Strategy = bg::strategy::index::geographic<Formula, Spheroid>;
    using Parameters = bgi::parameters<bgi::rstar<16>, Strategy>;
    const bgi::rtree<Segment, Parameters> tree(segments(task), Parameters(bgi::rstar<16>(), Strategy(wgs84)));
    const bg::strategy::distance::geographic_cross_track<Formula, Spheroid> strategy(wgs84);
    measure::report(task, version(), [&](const measure::Place& site) {
        const Point at = point(site);
        return bg::distance(at, *tree.qbegin(bgi::nearest(at, 1)), strategy);
    });
}

template <typename Formula>
void brute_force(const measure::Task& task) {
    const std::vector<Segment> all = segments(task);
    const bg::strategy::distance::geographic_cross_track<Formula, Spheroid> strategy(wgs84);
    measure::report(task, version(), [&](const measure::Place& site) {
        const Point at = point(site);
        double least_m = std::numeric_limits<double>::infinity();
        for (const Segment& segment : all) least_m = std::min(least_m, bg::distance(at, segment, strategy));
        return least_m;
    });
}

}  // namespace

int main(int count, char** words) {
    return measure::run(count, words, [](const measure::Task& task) {
        if (task.mode == "rtree-andoyer") return rtree<bg::strategy::andoyer>(task);
        if (task.mode == "rtree-vincenty") return rtree<bg::strategy::vincenty>(task);
        if (task.mode == "brute-vincenty") return brute_force<bg::strategy::vincenty>(task);
        throw std::runtime_error("unknown mode " + task.mode);
    });
}
